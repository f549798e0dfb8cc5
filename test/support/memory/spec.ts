import type { ContainerSpec } from '../../../src/docker/spec.ts'
import type { ImageFixture } from './fixture.ts'
import type { StoredImage } from './world.ts'

/** A create call's body as the engine keeps it: the image's configuration fills in what is not said. */
export function keptSpec(spec: ContainerSpec, { fixture }: StoredImage, id: string): ContainerSpec {
  const healthcheck = spec.Healthcheck ?? (fixture.healthcheck ? { Test: fixture.healthcheck } : undefined)
  const { NetworkingConfig: _, ...own } = structuredClone(spec)
  return {
    ...own,
    Hostname: spec.Hostname ?? id.slice(0, 12),
    User: spec.User ?? fixture.user ?? '',
    Env: mergedEnv(spec.Env ?? [], fixture.env ?? []),
    ...command(spec, fixture),
    Labels: { ...fixture.labels, ...spec.Labels },
    ExposedPorts: keyed([...(fixture.exposedPorts ?? []), ...Object.keys(spec.ExposedPorts ?? {})]),
    Volumes: keyed([...(fixture.volumes ?? []), ...Object.keys(spec.Volumes ?? {})]),
    ...(healthcheck ? { Healthcheck: healthcheck } : {}),
    HostConfig: {
      ...own.HostConfig,
      NetworkMode: spec.HostConfig.NetworkMode ?? 'default',
      RestartPolicy: spec.HostConfig.RestartPolicy ?? { Name: '', MaximumRetryCount: 0 },
    },
  }
}

/** An entrypoint of one's own goes without the image's command. */
function command(spec: ContainerSpec, fixture: ImageFixture): Pick<ContainerSpec, 'Entrypoint' | 'Cmd'> {
  if (spec.Entrypoint?.length) return { Entrypoint: spec.Entrypoint, Cmd: spec.Cmd ?? null }
  return { Entrypoint: fixture.entrypoint ?? null, Cmd: spec.Cmd?.length ? spec.Cmd : (fixture.cmd ?? null) }
}

function mergedEnv(own: string[], image: string[]): string[] {
  const names = new Set(own.map(nameOf))
  return [...own, ...image.filter((entry) => !names.has(nameOf(entry)))]
}

function nameOf(entry: string): string {
  return entry.split('=')[0] ?? ''
}

function keyed(keys: string[]): Record<string, Record<string, never>> {
  return Object.fromEntries(keys.map((key) => [key, {}]))
}
