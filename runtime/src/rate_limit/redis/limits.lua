-- Every algorithm, and all rates of all limits of a request at once: each is checked before any is charged.
--
-- KEYS     one budget for each rate
-- ARGV     1 what is asked: decide, read, give_back
--          2 microseconds since 1970, sent by tests alone; 0 for the clock of the server
--          3 how exact ages are, in microseconds (give_back)
--          then for each rate: algorithm, number of its limit, 1 in shadow mode, cost, capacity,
--          units of a permit or microseconds of a period, units a microsecond, milliseconds to live;
--          for give_back also how many microseconds ago the permits were charged, and for how many that charge still keeps
--          the budget from being full
-- Answer   for each rate: 0 where the cost fits, -1 where it never does, else the time until it does;
--          the cost that would fit now; the time until that grows, 0 where it is full.
--          Times are in units for gcra and token_bucket, in microseconds for the others.
local call, floor, max, min = redis.call, math.floor, math.max, math.min
local FIELDS, FIRST = ARGV[1] == 'give_back' and 10 or 8, 4
local LOG_CHUNK, LOG_MOST = 64, 10000

local function whole(number)
  return string.format('%.0f', number)
end

local now = ARGV[2] + 0
if now == 0 then
  local time = call('TIME')
  now = time[1] * 1000000 + time[2]
end

-- The moment at which a budget is full again, as in gcra.lua.
local gcra = {}

function gcra.load(rate)
  rate.now = floor(now * rate.factor)
  rate.full_at = tonumber(call('GET', rate.key) or nil) -- nil where there is none
end

local function debt(rate)
  return max((rate.full_at or 0) - rate.now, 0)
end

function gcra.remaining(rate)
  return max(floor(rate.capacity - debt(rate) / rate.period), 0)
end

function gcra.wait(rate, cost)
  return max(debt(rate) - (rate.capacity - cost) * rate.period, 0)
end

function gcra.save(rate)
  local ahead = debt(rate) / rate.factor / 1000
  call('SET', rate.key, whole(rate.full_at), 'PX', whole(max(rate.ttl, ahead)))
end

-- A cost of nothing moves a budget that is full to the present, as it does in memory.
function gcra.charge(rate, cost)
  rate.full_at = rate.now + debt(rate) + cost * rate.period
  gcra.save(rate)
end

-- What has come back by itself since the charge stays: the charge keeps that much from being full, and no more.
function gcra.give_back(rate, cost, charge)
  local back = min(cost * rate.period, math.ceil(charge.missing * rate.factor))
  if rate.full_at and back > 0 then
    rate.full_at = max(rate.full_at - back, 0)
    gcra.save(rate)
  end
end

-- The same in whole tokens: its units are those of an exact rate.
local token_bucket = setmetatable({}, { __index = gcra })

function token_bucket.charge(rate, cost)
  if cost > 0 then
    gcra.charge(rate, cost)
  end
end

-- A window that begins with the first request: its beginning and what was charged in it.
local fixed_window = {}

function fixed_window.load(rate)
  local found = call('HMGET', rate.key, 'start', 'used')
  rate.start, rate.used = tonumber(found[1] or now), tonumber(found[2] or 0)
  if rate.used == 0 or now - rate.start >= rate.period then
    rate.start, rate.used = now, 0
  end
end

function fixed_window.remaining(rate)
  return max(rate.capacity - rate.used, 0)
end

function fixed_window.wait(rate, cost)
  return cost > fixed_window.remaining(rate) and cost > 0 and rate.start + rate.period - now or 0
end

function fixed_window.save(rate)
  call('HSET', rate.key, 'start', whole(rate.start), 'used', whole(rate.used))
  call('PEXPIRE', rate.key, whole(max(rate.ttl, (rate.start + rate.period - now) / 1000)))
end

function fixed_window.charge(rate, cost)
  if cost == 0 then
    return
  end
  rate.used = rate.used + cost
  fixed_window.save(rate)
end

function fixed_window.give_back(rate, cost, charge)
  -- Without the blur: at the edge a permit may be lost, and none is granted to the window after it.
  if rate.used > 0 and now - charge.age >= rate.start then
    rate.used = max(rate.used - cost, 0)
    fixed_window.save(rate)
  end
end

-- Two windows: the one before weighs as much as it still reaches into the last period.
local sliding_window = {}

function sliding_window.load(rate)
  local found = call('HMGET', rate.key, 'start', 'previous', 'current')
  rate.start, rate.previous, rate.current = tonumber(found[1] or now), tonumber(found[2] or 0), tonumber(found[3] or 0)
  local passed = floor(max(now - rate.start, 0) / rate.period)
  if passed == 1 then
    rate.start, rate.previous, rate.current = rate.start + rate.period, rate.current, 0
  end
  if passed > 1 or rate.previous + rate.current == 0 then
    rate.start, rate.previous, rate.current = now, 0, 0
  end
end

function sliding_window.used(rate)
  local left = max(rate.period - max(now - rate.start, 0), 0)
  return rate.current + floor(rate.previous * left / rate.period)
end

function sliding_window.remaining(rate)
  return max(rate.capacity - sliding_window.used(rate), 0)
end

-- The time since the beginning of a window after which no more than `allowed` of the permits before it count.
local function decays_to(allowed, permits, period)
  return permits <= allowed and 0 or floor(period * (permits - allowed - 1) / permits) + 1
end

function sliding_window.wait(rate, cost)
  local allowed = rate.capacity - cost
  if sliding_window.used(rate) <= allowed then
    return 0
  end
  local left = allowed - rate.current
  if left >= 0 then
    return rate.start + decays_to(left, rate.previous, rate.period) - now
  end
  -- The present window alone is too much: it has to become the one before.
  return rate.start + rate.period + decays_to(allowed, rate.current, rate.period) - now
end

function sliding_window.save(rate)
  call('HSET', rate.key, 'start', whole(rate.start), 'previous', whole(rate.previous), 'current', whole(rate.current))
  call('PEXPIRE', rate.key, whole(max(rate.ttl, (rate.start + 2 * rate.period - now) / 1000)))
end

function sliding_window.charge(rate, cost)
  if cost == 0 then
    return
  end
  rate.current = rate.current + cost
  sliding_window.save(rate)
end

function sliding_window.give_back(rate, cost, charge)
  local charged_at = now - charge.age
  if charged_at >= rate.start then
    rate.current = max(rate.current - cost, 0)
  elseif charged_at >= rate.start - rate.period then
    rate.previous = max(rate.previous - cost, 0)
  else
    return
  end
  if rate.current + rate.previous > 0 then
    sliding_window.save(rate)
  else
    call('DEL', rate.key)
  end
end

-- Every charge of the last period: a list of what all cost together, then `moment:cost` of each, the oldest first.
local sliding_log = {}

local function entry(text)
  local at, cost = string.match(text, '^(%d+):(%d+)$')
  return tonumber(at), tonumber(cost)
end

-- Calls `see` with each entry, the oldest first, until it says that it has seen enough.
local function each(rate, see)
  local place = 1
  repeat
    local entries = call('LRANGE', rate.key, place, place + LOG_CHUNK - 1)
    for _, text in ipairs(entries) do
      if see(entry(text)) then
        return
      end
    end
    place = place + LOG_CHUNK
  until #entries < LOG_CHUNK
end

function sliding_log.load(rate)
  rate.total, rate.over, rate.used = tonumber(call('LINDEX', rate.key, 0) or 0), 0, 0
  rate.used = rate.total
  each(rate, function(at, cost)
    if now - at < rate.period then
      return true
    end
    rate.over, rate.used = rate.over + 1, rate.used - cost
  end)
end

-- Drops what is over.
local function forget(rate)
  if rate.over > 0 then
    call('LTRIM', rate.key, rate.over, -1)
    rate.over, rate.total = 0, rate.used
    call('LSET', rate.key, 0, whole(rate.total))
  end
end

function sliding_log.remaining(rate)
  return max(rate.capacity - rate.used, 0)
end

function sliding_log.wait(rate, cost)
  local needed = rate.used + cost - rate.capacity
  local wait = 0
  if needed > 0 then
    each(rate, function(at, spent)
      if now - at < rate.period then
        needed, wait = needed - spent, at + rate.period - now
      end
      return needed <= 0
    end)
  end
  return wait
end

local function newest(rate)
  return entry(call('LINDEX', rate.key, -1))
end

function sliding_log.save(rate)
  call('LSET', rate.key, 0, whole(rate.used))
  call('PEXPIRE', rate.key, whole(max(rate.ttl, (newest(rate) + rate.period - now) / 1000)))
end

function sliding_log.charge(rate, cost)
  if cost == 0 then
    return
  end
  forget(rate)
  rate.used = rate.used + cost
  local length = call('LLEN', rate.key)
  if length < 2 then
    call('DEL', rate.key)
    call('RPUSH', rate.key, whole(cost), whole(now) .. ':' .. whole(cost))
  else
    local at, spent = newest(rate)
    if at >= now or length > LOG_MOST then
      call('LSET', rate.key, -1, whole(max(at, now)) .. ':' .. whole(spent + cost))
    else
      call('RPUSH', rate.key, whole(now) .. ':' .. whole(cost))
    end
  end
  sliding_log.save(rate)
end

-- To the first entry that is no older than the charge; failing that to those just before.
function sliding_log.give_back(rate, cost, charge)
  local age, blur = charge.age, charge.blur
  forget(rate)
  local last = call('LLEN', rate.key) - 1
  if last < 1 or age >= rate.period then
    return
  end
  local low, high = 1, last + 1
  while low < high do
    local middle = floor((low + high) / 2)
    if entry(call('LINDEX', rate.key, middle)) < now - age then
      low = middle + 1
    else
      high = middle
    end
  end
  local place = min(low, last)
  while cost > 0 and place > 0 do
    local at, spent = entry(call('LINDEX', rate.key, place))
    if at + blur < now - age then
      break
    end
    local back = min(spent, cost)
    rate.used, cost = rate.used - back, cost - back
    if spent > back then
      call('LSET', rate.key, place, whole(at) .. ':' .. whole(spent - back))
    else
      call('LSET', rate.key, place, '')
      call('LREM', rate.key, -1, '')
    end
    if blur == 0 then
      break
    end
    place = place - 1
  end
  if call('LLEN', rate.key) > 1 then
    sliding_log.save(rate)
  else
    call('DEL', rate.key)
  end
end

local algorithms = {
  gcra = gcra,
  token_bucket = token_bucket,
  sliding_window = sliding_window,
  sliding_log = sliding_log,
  fixed_window = fixed_window,
}

-- The state of a budget is loaded once, however often it is asked for.
local rates, states = {}, {}
for i, key in ipairs(KEYS) do
  local at = FIRST + (i - 1) * FIELDS
  local state = states[key]
  if not state then
    state = {
      key = key,
      capacity = ARGV[at + 4] + 0,
      period = ARGV[at + 5] + 0,
      factor = ARGV[at + 6] + 0,
      ttl = ARGV[at + 7] + 0,
    }
    algorithms[ARGV[at]].load(state)
    states[key] = state
  end
  rates[i] = {
    algorithm = algorithms[ARGV[at]],
    limit = ARGV[at + 1],
    shadow = ARGV[at + 2] == '1',
    cost = ARGV[at + 3] + 0,
    at = at,
    state = state,
    verdict = 0,
  }
end

if ARGV[1] == 'give_back' then
  for _, rate in ipairs(rates) do
    local charge = { age = ARGV[rate.at + 8] + 0, missing = ARGV[rate.at + 9] + 0, blur = ARGV[3] + 0 }
    rate.algorithm.give_back(rate.state, rate.cost, charge)
  end
elseif ARGV[1] == 'decide' then
  local refused, admitted = {}, true
  for _, rate in ipairs(rates) do
    rate.verdict = rate.cost > rate.state.capacity and -1 or rate.algorithm.wait(rate.state, rate.cost)
    if rate.verdict ~= 0 then
      refused[rate.limit] = true
      admitted = admitted and rate.shadow
    end
  end
  if admitted then
    for _, rate in ipairs(rates) do
      if not refused[rate.limit] then
        rate.algorithm.charge(rate.state, rate.cost)
      end
    end
  end
end

local answer = {}
for _, rate in ipairs(rates) do
  local remaining = rate.algorithm.remaining(rate.state)
  local grows_in = remaining < rate.state.capacity and rate.algorithm.wait(rate.state, remaining + 1) or 0
  answer[#answer + 1] = rate.verdict
  answer[#answer + 1] = remaining
  answer[#answer + 1] = grows_in
end
return answer
