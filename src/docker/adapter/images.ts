import type { ImageInspectInfo } from 'dockerode'
import type { Engine, ImageDetail } from '../port.ts'
import { parseReference } from '../reference.ts'
import type { HealthSpec } from '../spec.ts'
import { aborting, ignoring, type Link, requestJson } from './link.ts'

type Calls = Pick<Engine, 'listImages' | 'inspectImage' | 'tagImage' | 'removeImage'>

export function imageCalls(link: Link): Calls {
  const { docker, call } = link
  return {
    async listImages(signal) {
      const list = await call(docker.listImages(aborting(signal)), signal)
      return list.map((info) => ({ id: info.Id, tags: named(info.RepoTags), digests: named(info.RepoDigests) }))
    },
    async inspectImage(reference, signal) {
      const path = `/images/${reference}/json`
      const info = await ignoring([404], requestJson(link, { method: 'GET', path, signal }))
      return info === undefined ? undefined : imageDetail(info as ImageInspectInfo)
    },
    async tagImage(image, reference) {
      const { name, tag = 'latest' } = parseReference(reference)
      await call(docker.getImage(image).tag({ repo: name, tag }))
    },
    async removeImage(reference) {
      await ignoring([404], call(docker.getImage(reference).remove()))
    },
  }
}

/** Untagged images are listed as `<none>:<none>`. */
function named(references: string[] | null | undefined): string[] {
  return (references ?? []).filter((reference) => !reference.startsWith('<none>'))
}

function imageDetail(info: ImageInspectInfo): ImageDetail {
  const config = (info.Config ?? {}) as Partial<ImageConfig>
  return {
    id: info.Id,
    tags: named(info.RepoTags),
    digests: named(info.RepoDigests),
    volumes: Object.keys(config.Volumes ?? {}),
    exposedPorts: Object.keys(config.ExposedPorts ?? {}),
    env: config.Env ?? [],
    entrypoint: [config.Entrypoint ?? []].flat(),
    cmd: config.Cmd ?? [],
    user: config.User ?? '',
    ...(config.Healthcheck?.Test ? { healthcheck: config.Healthcheck.Test, health: config.Healthcheck } : {}),
    ...(config.WorkingDir ? { workingDir: config.WorkingDir } : {}),
    ...(config.StopSignal ? { stopSignal: config.StopSignal } : {}),
    labels: config.Labels ?? {},
    os: info.Os,
    architecture: info.Architecture,
    ...taggedAt(info),
  }
}

/** An image that was only pulled has the year 1, or nothing. */
function taggedAt(info: ImageInspectInfo): { tagged?: string } {
  const { LastTagTime: time } = (info as { Metadata?: { LastTagTime?: string } }).Metadata ?? {}
  return time && !time.startsWith('0001-') ? { tagged: time } : {}
}

/** Docker leaves out what is empty, or says null. */
interface ImageConfig {
  Volumes: Record<string, unknown> | null
  ExposedPorts: Record<string, unknown> | null
  Env: string[] | null
  Entrypoint: string | string[] | null
  Cmd: string[] | null
  User: string
  Healthcheck: HealthSpec | null
  WorkingDir: string
  StopSignal: string
  Labels: Record<string, string> | null
}
