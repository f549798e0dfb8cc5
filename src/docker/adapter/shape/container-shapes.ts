import { each, fields, flag, id, list, number, record, type Shape, seconds, text, time } from '../../../util/shape.ts'
import { CONFIG, HOST } from './spec-shapes.ts'

const texts = list(text)
const mounts = list(fields({ Source: text, Destination: text, ...each('RW', flag), ...each('Type Name Driver', text) }))
const port = fields({ PrivatePort: number, Type: text, ...each('IP', text), ...each('PublicPort', number) })
const membership = fields(each('NetworkID IPAddress', text))

/** GET /containers/json */
export const CONTAINERS: Shape = list(
  fields({
    Id: id,
    Image: text,
    ImageID: text,
    Command: text,
    State: text,
    Status: text,
    Created: seconds,
    ...each('Labels', record(text)),
    ...each('Mounts', mounts),
    ...each('Names', texts),
    ...each('Ports', list(port)),
    ...each('NetworkSettings', fields(each('Networks', record(membership)))),
  }),
)

const probe = fields({ Start: time, End: time, ExitCode: number, Output: text })
const health = fields({ ...each('Status', text), ...each('FailingStreak', number), ...each('Log', list(probe)) })
const state = fields({
  Status: text,
  Running: flag,
  ExitCode: number,
  ...each('Restarting OOMKilled', flag),
  ...each('Error', text),
  ...each('StartedAt FinishedAt', time),
  ...each('Health', health),
})

const ipam = fields({ ...each('IPv4Address IPv6Address', text), ...each('LinkLocalIPs', texts) })
const endpoint = fields({
  ...each('NetworkID EndpointID IPAddress MacAddress', text),
  ...each('Aliases Links', texts),
  ...each('DriverOpts', record(text)),
  ...each('GwPriority', number),
  ...each('IPAMConfig', ipam),
})

/** GET /containers/{id}/json */
export const CONTAINER: Shape = fields({
  Id: id,
  Name: text,
  Image: text,
  State: state,
  Config: CONFIG,
  HostConfig: HOST,
  ...each('RestartCount', number),
  ...each('Mounts', mounts),
  ...each('NetworkSettings', fields(each('Networks', record(endpoint)))),
})
