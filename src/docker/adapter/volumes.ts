import type { VolumeInspectInfo } from 'dockerode'
import type { Engine, VolumeDetail } from '../port.ts'
import { filtersOf } from './filters.ts'
import { aborting, ignoring, type Link, requestJson } from './link.ts'

type Calls = Pick<Engine, 'listVolumes' | 'inspectVolume' | 'createVolume' | 'removeVolume'>

export function volumeCalls(link: Link): Calls {
  const { docker, call } = link
  return {
    async listVolumes(filter, signal) {
      const answer = await call(docker.listVolumes({ ...filtersOf(filter), ...aborting(signal) }), signal)
      return (answer.Volumes ?? []).map(volumeDetail)
    },
    async inspectVolume(name, signal) {
      const info = await ignoring([404], call(docker.getVolume(name).inspect(aborting(signal)), signal))
      return info && volumeDetail(info)
    },
    async createVolume(spec) {
      await requestJson(link, { method: 'POST', path: '/volumes/create', body: spec })
    },
    async removeVolume(name) {
      await call(docker.getVolume(name).remove())
    },
  }
}

function volumeDetail(info: VolumeInspectInfo): VolumeDetail {
  return {
    name: info.Name,
    driver: info.Driver,
    labels: info.Labels ?? {},
    options: info.Options ?? {},
    mountpoint: info.Mountpoint,
  }
}
