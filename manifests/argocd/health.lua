-- Argo CD's health of a DistillationJob. Only the language itself is used: Argo CD runs Lua 5.1 with few libraries.
local function health(status, message)
  return { status = status, message = message }
end

local status = obj.status or {}
local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end
local succeeded = conditions.Succeeded

if succeeded == nil or status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "Waiting for the operator to see this generation of the job.")
end
if conditions.Suspended ~= nil and conditions.Suspended.status == "True" then
  return health("Suspended", conditions.Suspended.message)
end

local message = succeeded.reason .. ": " .. succeeded.message
if succeeded.status == "True" then
  return health("Healthy", message)
end
if succeeded.status == "False" then
  return health("Degraded", message)
end
local progress = status.progress
if progress ~= nil and progress.percent ~= nil then
  message = message .. " (" .. progress.percent .. " %)"
end
return health("Progressing", message)
