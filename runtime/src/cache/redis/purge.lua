-- Gives marks other versions, and tells everybody.
-- KEYS  marks
-- ARGV  channel, message, time to live of a mark (ms), the version of each mark
for place, mark in ipairs(KEYS) do
  redis.call('SET', mark, ARGV[3 + place], 'PX', ARGV[3])
end
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1
