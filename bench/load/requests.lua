-- wrk's requests: wrk -s requests.lua … -- METHOD PATHS TOKENS BODY
-- PATHS and TOKENS: files with a line each, taken in turn. In BODY, %n becomes a number that is not used twice.
local paths, tokens, method, body = {}, {}, "GET", ""
local count, base = 0, 0

local function read_lines(name, into)
   for line in io.lines(name) do into[#into + 1] = line end
end

function init(args)
   method, body = args[1], args[4] or ""
   read_lines(args[2], paths)
   if args[3] ~= "" then read_lines(args[3], tokens) end
   base = os.time() % 100000 * 100000
end

function request()
   count = count + 1
   local headers = {}
   if #tokens > 0 then headers["Authorization"] = "Bearer " .. tokens[count % #tokens + 1] end
   if body ~= "" then headers["Content-Type"] = "application/json" end
   local text = body:gsub("%%n", string.format("%010d", base + count))
   return wrk.format(method, paths[count % #paths + 1], headers, text)
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '{"requests": %d, "seconds": %.4f, "refused": %d, "failed": %d, "p50": %.4f, "p99": %.4f}\n',
      summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
