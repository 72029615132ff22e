-- A breaker is open in a process, or not any more, and everybody is told where it is open.
-- KEYS[1]  where it is open: processes by the millisecond until which, by the server's clock
-- ARGV     1 the process                              4 how many processes are kept at most
--          2 how long it is open yet, in ms; 0: closed   5 the channel
--          3 how the message begins                   6 how many are told
-- Answer   how many there are.
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if ARGV[2] == '0' then
  call('ZREM', KEYS[1], ARGV[1])
  return call('ZCARD', KEYS[1])
end
call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
call('ZREMRANGEBYRANK', KEYS[1], 0, -ARGV[4] - 1)
local open = call('ZREVRANGE', KEYS[1], 0, ARGV[6] - 1, 'WITHSCORES')
call('PEXPIRE', KEYS[1], string.format('%.0f', open[2] - now))
local words = {}
for place = 1, #open, 2 do
  words[#words + 1] = open[place] .. ':' .. string.format('%.0f', open[place + 1] - now)
end
call('PUBLISH', ARGV[5], ARGV[3] .. table.concat(words, ' '))
return call('ZCARD', KEYS[1])
