import type { ImageInfo, ImageInspectInfo } from 'dockerode'
import { anything, each, either, fields, id, list, maybe, number, record, text, time } from '../../util/shape.ts'
import type { ImageCalls, ImageDetail } from '../port.ts'
import { parseReference } from '../reference.ts'
import type { HealthSpec } from '../spec.ts'
import { ignoring, type Link } from './http/link.ts'
import { requestDone, requestJson } from './http/request.ts'
import { HEALTHCHECK } from './shape/spec-shapes.ts'

export function imageCalls(link: Link): ImageCalls {
  return {
    async listImages(signal) {
      const list = await requestJson<ImageInfo[]>(link, { method: 'GET', path: '/images/json', signal }, IMAGES)
      return list.map(({ Id, RepoTags, RepoDigests, Labels }) => ({
        id: Id,
        labels: Labels ?? {},
        tags: named(RepoTags),
        digests: named(RepoDigests),
      }))
    },
    async inspectImage(reference, signal) {
      const info = await ignoring([404], inspectImage(link, reference, signal))
      return info && imageDetail(info)
    },
    tagImage(image, reference) {
      const { name, tag = 'latest' } = parseReference(reference)
      return requestDone(link, { method: 'POST', path: `/images/${image}/tag`, query: { repo: name, tag } })
    },
    async removeImage(reference) {
      await ignoring([404], removeImage(link, reference))
    },
  }
}

/** Rejects with an error of status 404 if there is no such image. */
export function inspectImage(link: Link, reference: string, signal?: AbortSignal): Promise<ImageInspectInfo> {
  return requestJson(link, { method: 'GET', path: `/images/${reference}/json`, signal }, IMAGE)
}

export function removeImage(link: Link, reference: string): Promise<void> {
  return requestDone(link, { method: 'DELETE', path: `/images/${reference}`, pace: 'slow' })
}

const names = each('RepoTags RepoDigests', list(text))
const IMAGES = list(fields({ Id: id, ...names, ...each('Labels', record(text)) }))
const CONFIG = fields({
  ...each('Volumes ExposedPorts', record(maybe(anything))),
  ...each('Env Cmd', list(text)),
  ...each('Entrypoint', either(list(text), text)),
  ...each('User WorkingDir StopSignal', text),
  ...each('Healthcheck', HEALTHCHECK),
  ...each('Labels', record(text)),
})
const IMAGE = fields({
  Id: id,
  Os: text,
  Architecture: text,
  ...each('Variant', text),
  ...each('Size', number),
  ...each('Created', time),
  ...names,
  ...each('Config', CONFIG),
  ...each('Metadata', fields(each('LastTagTime', text))),
  ...each('RootFS', fields(each('Layers', list(text)))),
})

/** The engine lists untagged images as `<none>:<none>`. */
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
    ...variantOf(info),
    size: info.Size ?? 0,
    ...(info.Created ? { created: info.Created } : {}),
    ...taggedAt(info),
    layers: info.RootFS?.Layers ?? [],
    config: { ...info.Config },
  }
}

function variantOf(info: ImageInspectInfo): { variant?: string } {
  const { Variant: variant } = info as { Variant?: string }
  return variant ? { variant } : {}
}

/** For an image that was only pulled, the engine reports the year 1 or nothing. */
function taggedAt(info: ImageInspectInfo): { tagged?: string } {
  const { LastTagTime: time } = (info as { Metadata?: { LastTagTime?: string } }).Metadata ?? {}
  return time && !time.startsWith('0001-') ? { tagged: time } : {}
}

/** Docker omits empty fields or sets them to null. */
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
