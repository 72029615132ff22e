-- One budget by GCRA (or a token bucket, which decides alike): charges it where the cost fits.
--
-- The key holds the moment at which the budget is full again, in units of its own: a permit is a whole number of them, and
-- a unit is about a microsecond (or the time of a permit, where that is shorter). The clock is the server's.
--
-- KEYS[1]  the budget
-- ARGV     1 charge, in units      4 milliseconds after which an idle budget is forgotten: twice its capacity
--          2 capacity, in units    5 a permit, in units
--          3 units a microsecond   6 permits that are needed; fewer than the charge where more are wanted
--          7 microseconds since 1970: sent by tests alone
-- Answer   how far the moment lies ahead: above the capacity where the cost does not fit, and then nothing was charged.
--          Where less than the charge was granted, that and the permits.
--
-- The usual way is to add the charge first and to take it off again where it was too much: one command instead of two.
-- That keeps the time to live, so it is set anew each time that the moment passes a multiple of the capacity: until the
-- next one, the budget is full again before it is forgotten.
local call = redis.call
local time = ARGV[7] and { 0, ARGV[7] } or call('TIME')
local charge, capacity = ARGV[1] + 0, ARGV[2] + 0
local now = (time[1] * 1000000 + time[2]) * ARGV[3]
now = now - now % 1
local full_at = call('INCRBY', KEYS[1], ARGV[1])
local ahead = full_at - now
if ahead < charge then
  -- It was full, or not there.
  call('SET', KEYS[1], string.format('%.0f', now + charge), 'PX', ARGV[4])
  return charge
end
if ahead <= capacity then
  if full_at % capacity < charge then
    call('PEXPIRE', KEYS[1], ARGV[4])
  end
  return ahead
end
local wanted = charge / ARGV[5]
local granted = wanted - math.ceil((ahead - capacity) / ARGV[5])
if granted < ARGV[6] + 0 then
  call('DECRBY', KEYS[1], ARGV[1])
  return ahead - (wanted - ARGV[6]) * ARGV[5]
end
local back = (wanted - granted) * ARGV[5]
call('DECRBY', KEYS[1], string.format('%.0f', back))
call('PEXPIRE', KEYS[1], ARGV[4])
return { ahead - back, granted }
