import type { VolumeInspectInfo } from 'dockerode'
import { each, fields, list, record, text } from '../../util/shape.ts'
import type { VolumeCalls, VolumeDetail } from '../port.ts'
import { filtersOf } from './filters.ts'
import { ignoring, type Link } from './http/link.ts'
import { requestDone, requestJson } from './http/request.ts'

export function volumeCalls(link: Link): VolumeCalls {
  const pathOf = (name: string) => `/volumes/${encodeURIComponent(name)}`
  return {
    async listVolumes(filter, signal) {
      const request = { method: 'GET', path: '/volumes', query: filtersOf(filter), signal } as const
      return ((await requestJson<Listed>(link, request, VOLUMES)).Volumes ?? []).map(volumeDetail)
    },
    async inspectVolume(name, signal) {
      const request = { method: 'GET', path: pathOf(name), signal } as const
      const info = await ignoring([404], requestJson<VolumeInspectInfo>(link, request, VOLUME))
      return info && volumeDetail(info)
    },
    createVolume: (body) => requestDone(link, { method: 'POST', path: '/volumes/create', body }),
    removeVolume: (name) => requestDone(link, { method: 'DELETE', path: pathOf(name) }),
  }
}

interface Listed {
  Volumes?: VolumeInspectInfo[] | null
}

const VOLUME = fields({
  Name: text,
  Driver: text,
  Mountpoint: text,
  ...each('Labels Options', record(text)),
  ...each('Scope', text),
})
const VOLUMES = fields(each('Volumes', list(VOLUME)))

function volumeDetail(info: VolumeInspectInfo): VolumeDetail {
  return {
    name: info.Name,
    driver: info.Driver,
    labels: info.Labels ?? {},
    options: info.Options ?? {},
    mountpoint: info.Mountpoint,
    scope: info.Scope ?? 'local',
  }
}
