-- All rates of all limits of a request, each by GCRA or a token bucket: charges every budget, or none of them.
--
-- KEYS     a budget each, none of them twice, as `gcra.lua` keeps it
-- ARGV     for each of them: 1 charge, 2 capacity, 3 units a microsecond, 4 milliseconds to live, as there;
--          then microseconds since 1970, sent by tests alone: 0, or not there, for the clock of the server;
--          then for each of them a number of its limit where that is in shadow mode, or 0. Not there where none is.
-- Answer   for each of them how far its moment lies ahead with the charge: above the capacity where that does not fit.
--          Whether anything stays charged follows from all of them.
--
-- The usual way is one command for each budget. A request that does not fit takes twice as many.
local call = redis.call
local after = #KEYS * 4 + 1
local given = ARGV[after]
local time = given and given ~= '0' and { 0, given } or call('TIME')
local micros = time[1] * 1000000 + time[2]
local answers, refused = {}, false
for i = 1, #KEYS do
  local key, last = KEYS[i], i * 4
  local added, ttl = ARGV[last - 3], ARGV[last]
  local charge, capacity = added + 0, ARGV[last - 2] + 0
  local now = micros * ARGV[last - 1]
  now = now - now % 1
  local full_at = call('INCRBY', key, added)
  local ahead = full_at - now
  if ahead < charge then
    call('SET', key, string.format('%.0f', now + charge), 'PX', ttl)
    ahead = charge
  elseif ahead > capacity then
    refused = true
  elseif full_at % capacity < charge then
    call('PEXPIRE', key, ttl)
  end
  answers[i] = ahead
end
if not refused then
  return answers
end
-- A limit in shadow mode that does not fit stands aside, with all of its rates.
local aside, admitted = {}, true
for i = 1, #KEYS do
  if answers[i] > ARGV[i * 4 - 2] + 0 then
    local shadow = ARGV[after + i] or '0'
    admitted = admitted and shadow ~= '0'
    aside[shadow] = true
  end
end
for i = 1, #KEYS do
  if not admitted or aside[ARGV[after + i]] then
    local added = ARGV[i * 4 - 3]
    -- One that was full may not have been there.
    if answers[i] <= added + 0 then
      call('DEL', KEYS[i])
    else
      call('DECRBY', KEYS[i], added)
    end
  end
end
return answers
