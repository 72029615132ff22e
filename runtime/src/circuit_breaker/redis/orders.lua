-- All orders, which live on by being read.
-- KEYS[1]  all orders
-- ARGV[1]  their time to live (ms)
-- Answer   breaker, order, breaker, order ..
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('HGETALL', KEYS[1])
