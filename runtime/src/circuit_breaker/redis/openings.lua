-- Where a breaker is open.
-- KEYS[1]  processes by the millisecond until which, by the server's clock
-- ARGV[1]  how many are told
-- Answer   processes, each with the milliseconds that are left, the longest first.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local open = redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '(' .. string.format('%.0f', now), 'WITHSCORES', 'LIMIT', 0, ARGV[1])
local words = {}
for place = 1, #open, 2 do
  words[#words + 1] = open[place] .. ':' .. string.format('%.0f', open[place + 1] - now)
end
return table.concat(words, ' ')
