import { networkFields } from '../../../src/backend/docker/fields.ts'
import { COMPOSE, OURS } from '../../../src/backend/docker/labels.ts'
import { lower } from '../../../src/backend/engine/lower/lower.ts'
import type { Observed } from '../../../src/backend/engine/observe/observed.ts'
import { planUp } from '../../../src/backend/engine/plan/command/up.ts'
import type { UpIntent } from '../../../src/backend/intent.ts'
import { UP } from '../../../src/backend/intent.ts'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import type { ContainerDetail, ContainerSummary, ImageSummary } from '../../../src/docker/port.ts'
import { fingerprint } from '../../../src/plan/fingerprint.ts'
import type { Stack } from '../../../src/stack/model.ts'
import { imageName } from '../../../src/stack/names.ts'
import { planText } from '../../support/plan-text.ts'
import { declared } from '../support.ts'

/** An engine on which nothing of the project is there but the images. */
export function emptyWorld(stack: Stack): Observed {
  const references = Object.entries(stack.services).map(([name, service]) => imageName(stack, name, service))
  const images = [...new Set(references)].map(imageOf)
  const engine = { version: '20.10.24', apiVersion: '1.41', os: 'linux', arch: 'amd64' }
  return {
    engine,
    containers: [],
    networks: [],
    volumes: [],
    images,
    details: {},
    imageDetails: {},
    guests: {},
    holders: [],
  }
}

export function imageOf(reference: string): ImageSummary {
  return { id: `sha256:${reference}`, labels: {}, tags: [reference], digests: [] }
}

export function upWorld(stack: Stack): Observed {
  const networks = Object.entries(stack.networks).map(([key, network]) => ({
    id: `net-${key}`,
    name: network.name,
    driver: 'bridge',
    labels: {
      [COMPOSE.project]: stack.name,
      [COMPOSE.network]: key,
      [OURS.fingerprint]: fingerprint(networkFields(network), network.name),
    },
    internal: false,
    attachable: false,
    enableIPv6: false,
    options: {},
    ipam: { driver: 'default', config: [] },
    created: '2026-01-01T00:00:00Z',
  }))
  const containers = Object.keys(stack.services).map((name) => containerOf(stack, name))
  const details = Object.fromEntries(Object.keys(stack.services).map((name) => [`id-${name}-1`, detailOf(stack, name)]))
  return { ...emptyWorld(stack), networks, containers, details }
}

function detailOf(stack: Stack, name: string): ContainerDetail {
  const summary = containerOf(stack, name)
  const { spec } = lower({ stack, name, service: stack.services[name] ?? {}, index: 1, api: 141 })
  const { id, image, imageId, labels, state } = summary
  const unused = { exitCode: 0, oomKilled: false, error: '', restartCount: 0, networks: {}, mounts: [] }
  return { id, name: summary.name, image, imageId, labels, state, running: true, spec, ...unused }
}

export function containerOf(
  stack: Stack,
  name: string,
  changes: Partial<ContainerSummary> = {},
  index = 1,
): ContainerSummary {
  const service = stack.services[name] ?? {}
  const lowered = lower({ stack, name, service, index, api: 141 })
  const image = imageName(stack, name, service)
  const networks = lowered.endpoints.map(([key]) => [
    stack.networks[key]?.name,
    { networkId: `net-${key}`, ipAddress: '' },
  ])
  return {
    id: `id-${name}-${index}`,
    name: lowered.name,
    image,
    imageId: `sha256:${image}`,
    command: '',
    labels: lowered.spec.Labels ?? {},
    state: 'running',
    status: 'Up 1 second',
    created: 1,
    networks: Object.fromEntries(networks),
    mounts: [],
    ports: [],
    ...(service.healthcheck && { health: 'healthy' as const }),
    ...changes,
  }
}

/** The plan of an `up` in its golden form. */
export function upText(stack: Stack, world: Observed, intent: Partial<UpIntent> = {}): string {
  return planText(unwrap(planUp(declared(stack), world, { ...UP, ...intent })))
}
