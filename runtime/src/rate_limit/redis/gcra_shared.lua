-- Several decisions of one process in one call, each as `gcra.lua` makes it, one after another; without partial grants.
--
-- KEYS     the budgets; one may stand there several times
-- ARGV     for each of them: 1 charge, 2 capacity, 3 units a microsecond, 4 milliseconds to live, as there;
--          at the end microseconds since 1970: sent by tests alone
-- Answer   for each of them how far its moment lies ahead: above the capacity where the cost does not fit
local call = redis.call
local given = ARGV[#KEYS * 4 + 1]
local time = given and { 0, given } or call('TIME')
local micros = time[1] * 1000000 + time[2]
local answers = {}
for i = 1, #KEYS do
  local key, ttl = KEYS[i], ARGV[i * 4]
  local charge, capacity = ARGV[i * 4 - 3] + 0, ARGV[i * 4 - 2] + 0
  local now = micros * ARGV[i * 4 - 1]
  now = now - now % 1
  local full_at = call('INCRBY', key, ARGV[i * 4 - 3])
  local ahead = full_at - now
  if ahead < charge then
    call('SET', key, string.format('%.0f', now + charge), 'PX', ttl)
    ahead = charge
  elseif ahead > capacity then
    call('DECRBY', key, ARGV[i * 4 - 3])
  elseif full_at % capacity < charge then
    call('PEXPIRE', key, ttl)
  end
  answers[i] = ahead
end
return answers
