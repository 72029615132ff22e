-- Orders something for a breaker, and tells everybody.
-- KEYS[1]  all orders: by breaker the microsecond in which one was given, by the server's clock, and what
-- ARGV     1 the breaker               4 time to live of orders (ms)
--          2 what: o, c or a           5 the channel
--          3 later than this           6 how the message begins
--          7 how many there are at most
--          8 the order is known already, and was given then: it stays away where one as late is there
-- Answer   the order as it stands: when, and what. 0 where there is no room.
local call = redis.call
local kept = call('HGET', KEYS[1], ARGV[1])
local stamp, what = string.match(kept or '', '^(%d+) ([oca])$')
if ARGV[8] and stamp and tonumber(stamp) >= tonumber(ARGV[8]) then
  return stamp .. ' ' .. what
end
if not kept and call('HLEN', KEYS[1]) >= tonumber(ARGV[7]) then
  local orders = call('HGETALL', KEYS[1])
  for place = 1, #orders, 2 do
    if not string.match(orders[place + 1], '^%d+ [oc]$') then call('HDEL', KEYS[1], orders[place]) end
  end
  if call('HLEN', KEYS[1]) >= tonumber(ARGV[7]) then return 0 end
end
local given = ARGV[8]
if not given then
  local time = call('TIME')
  local now = math.max(time[1] * 1000000 + time[2], ARGV[3] + 1, (stamp or 0) + 1)
  given = string.format('%.0f', now)
end
local order = given .. ' ' .. ARGV[2]
call('HSET', KEYS[1], ARGV[1], order)
call('PEXPIRE', KEYS[1], ARGV[4])
call('PUBLISH', ARGV[5], ARGV[6] .. order)
return order
