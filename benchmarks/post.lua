-- wrk's requests: the bodies in the file BODIES, one a line, in turn; POSTed to UPATH.
-- With CHECKED set every answer is read, and one that tells of errors is counted: that costs wrk
-- time, so it is for warming up. At the end one line of JSON on standard output, after RESULT.
local prepared, turn = {}, 0
local headers = {["Content-Type"] = "application/json", ["Accept"] = "application/json"}

function init(arguments)
  for body in io.lines(os.getenv("BODIES")) do
    prepared[#prepared + 1] = wrk.format("POST", os.getenv("UPATH"), headers, body)
  end
end

function request()
  turn = turn % #prepared + 1
  return prepared[turn]
end

if os.getenv("CHECKED") then
  function response(status, headers, body)
    if status ~= 200 or string.find(body, '^%s*{%s*"errors"') or string.find(body, '"errors":%[{') then
      io.stderr:write("WRONG ", status, " ", string.sub(body, 1, 300), "\n")
    end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "bytes": %d, "errors": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
