import type { DeviceRate, DeviceRequest, HostConfig } from '../../../docker/spec.ts'
import type { BlockRate, DeviceMapping, DeviceRequirement } from '../../../stack/model.ts'
import { bytes } from '../../../stack/units.ts'
import { isNamedDevice } from '../../docker/named-device.ts'
import type { Rows } from './row.ts'

/** Devices: passed through from the host, requested from a driver, and limits on block devices. */
export const deviceRows = {
  devices: (value, { host }) => {
    const [named, mapped] = [value.filter(isNamedDevice), value.filter((device) => !isNamedDevice(device))]
    if (mapped.length > 0) host.Devices = mapped.map(mapping)
    if (named.length > 0) request(host, [{ Driver: 'cdi', DeviceIDs: named.map(({ source }) => source) }])
  },
  device_cgroup_rules: (value, { host }) => {
    host.DeviceCgroupRules = value
  },
  gpus: (value, { host }) => {
    request(
      host,
      value.map((each) => deviceRequest({ ...each, capabilities: [...(each.capabilities ?? []), 'gpu'] })),
    )
  },
  blkio_config: (value, { host }) => {
    if (value.weight !== undefined) host.BlkioWeight = value.weight
    if (value.weight_device)
      host.BlkioWeightDevice = value.weight_device.map(({ path, weight }) => ({ Path: path, Weight: weight }))
    if (value.device_read_bps) host.BlkioDeviceReadBps = value.device_read_bps.map(byteRate)
    if (value.device_write_bps) host.BlkioDeviceWriteBps = value.device_write_bps.map(byteRate)
    if (value.device_read_iops) host.BlkioDeviceReadIOps = value.device_read_iops.map(rate)
    if (value.device_write_iops) host.BlkioDeviceWriteIOps = value.device_write_iops.map(rate)
  },
} satisfies Rows

/** Adds to the list: several attributes may request devices. */
export function request(host: HostConfig, requests: DeviceRequest[]): void {
  host.DeviceRequests = [...(host.DeviceRequests ?? []), ...requests]
}

/** Without devices and a count, all devices are requested (compose-go, transform/device.go). */
export function deviceRequest(wanted: DeviceRequirement): DeviceRequest {
  const { capabilities, count, device_ids, driver, options } = wanted
  const all = count === 'all' || (count === undefined && device_ids === undefined)
  return {
    ...(driver !== undefined && { Driver: driver }),
    ...(all ? { Count: -1 } : count !== undefined && { Count: Number(count) }),
    ...(device_ids && { DeviceIDs: device_ids }),
    Capabilities: [capabilities ?? []],
    ...(options && { Options: options }),
  }
}

function mapping({ source, target, permissions }: DeviceMapping): NonNullable<HostConfig['Devices']>[number] {
  return { PathOnHost: source, PathInContainer: target ?? source, CgroupPermissions: permissions ?? 'rwm' }
}

function byteRate({ path, rate }: BlockRate): DeviceRate {
  return { Path: path, Rate: bytes(String(rate)) }
}

function rate({ path, rate: operations }: BlockRate): DeviceRate {
  return { Path: path, Rate: Number(operations) }
}
