-- An entry, and what marks stand at.
-- KEYS  the entry, where ARGV[1] says how long one is at most; marks
-- Gives the entry and how long it still lives (ms), where one was asked for; then what each mark stands at. Foreign types count as
-- no entry, and as a mark that is not as it was.
local answer = {}
local first = 1
if ARGV[1] then
  first = 2
  local size = redis.pcall('STRLEN', KEYS[1])
  if type(size) == 'number' and size <= tonumber(ARGV[1]) then
    answer[1] = redis.call('GET', KEYS[1])
  else
    answer[1] = false
  end
  answer[2] = redis.call('PTTL', KEYS[1])
end
for place = first, #KEYS do
  local mark = redis.pcall('GET', KEYS[place])
  if type(mark) == 'table' then mark = '?' end
  answer[#answer + 1] = mark
end
return answer
