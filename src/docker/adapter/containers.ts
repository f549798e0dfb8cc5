import type { ContainerInfo, ContainerInspectInfo } from 'dockerode'
import { id as anId, each, fields, list, text } from '../../util/shape.ts'
import type { ContainerCalls } from '../port.ts'
import type { ContainerSpec } from '../spec.ts'
import { containerDetail } from './container-detail.ts'
import { containerSummary } from './container-summary.ts'
import { filtersOf } from './filters.ts'
import type { Request } from './http/exchange.ts'
import { ignoring, type Link } from './http/link.ts'
import { requestDone, requestJson } from './http/request.ts'
import { CONTAINER, CONTAINERS } from './shape/container-shapes.ts'

const NOT_MODIFIED = 304
const NOT_FOUND = 404
const CONFLICT = 409

export function containerCalls(link: Link): ContainerCalls {
  const post = (id: string, call: string, more: Partial<Request> = {}) =>
    requestDone(link, { method: 'POST', path: containerPath(id, call), ...more })
  return {
    ...readingCalls(link),
    createContainer: (name, spec, platform) => createContainer(link, name, spec, platform),
    async startContainer(id) {
      await ignoring([NOT_MODIFIED], post(id, 'start'))
    },
    async stopContainer(id, { grace }) {
      await ignoring([NOT_MODIFIED], post(id, 'stop', { query: { t: grace }, pace: 'slow' }))
    },
    killContainer: (id, signal) => post(id, 'kill', { query: { signal }, pace: 'slow' }),
    pauseContainer: (id) => post(id, 'pause'),
    unpauseContainer: (id) => post(id, 'unpause'),
    removeContainer(id, { force, volumes }) {
      const path = containerPath(id)
      return removed(requestDone(link, { method: 'DELETE', path, query: { force, v: volumes }, pace: 'slow' }))
    },
    renameContainer: (id, name) => post(id, 'rename', { query: { name } }),
    setRestartPolicy(id, { name, maximumRetryCount = 0 }) {
      return post(id, 'update', { body: { RestartPolicy: { Name: name, MaximumRetryCount: maximumRetryCount } } })
    },
  }
}

function readingCalls(link: Link): Pick<ContainerCalls, 'listContainers' | 'inspectContainer'> {
  return {
    async listContainers(filter, signal) {
      const query = { all: true, ...filtersOf(filter) }
      const asked = { method: 'GET', path: '/containers/json', query, signal } as const
      return (await requestJson<ContainerInfo[]>(link, asked, CONTAINERS)).map(containerSummary)
    },
    async inspectContainer(id, signal) {
      const info = await ignoring([NOT_FOUND], inspect(link, id, signal))
      return info && containerDetail(info)
    },
  }
}

/** Rejects with an error of status 404 if there is no such container. */
export function inspect(link: Link, id: string, signal: AbortSignal | undefined): Promise<ContainerInspectInfo> {
  return requestJson(link, { method: 'GET', path: containerPath(id, 'json'), signal }, CONTAINER)
}

export function containerPath(id: string, call?: string): string {
  const path = `/containers/${encodeURIComponent(id)}`
  return call === undefined ? path : `${path}/${call}`
}

const CREATED = fields({ Id: anId, ...each('Warnings', list(text)) })

async function createContainer(link: Link, name: string, spec: ContainerSpec, platform: string | undefined) {
  const request = { method: 'POST', path: '/containers/create', query: { name, platform }, body: spec } as const
  const { Id, Warnings } = await requestJson<{ Id: string; Warnings?: string[] | null }>(link, request, CREATED)
  return { id: Id, warnings: Warnings ?? [] }
}

/** A container that is already gone counts as removed. Both a removal in progress and a running container without `force` answer 409. */
async function removed(answer: Promise<unknown>): Promise<void> {
  try {
    await ignoring([NOT_FOUND], answer)
  } catch (error) {
    if (!isUnderWay(error)) throw error
  }
}

function isUnderWay(error: unknown): boolean {
  return (
    error instanceof Error &&
    'status' in error &&
    error.status === CONFLICT &&
    /already in progress/.test(error.message)
  )
}
