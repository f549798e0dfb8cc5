import type { ContainerSummary, Engine } from '../port.ts'
import type { ContainerSpec } from '../spec.ts'
import { containerDetail } from './container-detail.ts'
import { containerSummary } from './container-summary.ts'
import { filtersOf } from './filters.ts'
import { aborting, ignoring, type Link, requestJson } from './link.ts'

type Calls = Pick<
  Engine,
  | 'listContainers'
  | 'inspectContainer'
  | 'createContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'killContainer'
  | 'pauseContainer'
  | 'unpauseContainer'
  | 'removeContainer'
  | 'renameContainer'
  | 'setRestartPolicy'
>

const NOT_MODIFIED = 304
const NOT_FOUND = 404
const CONFLICT = 409

export function containerCalls(link: Link): Calls {
  const { docker, call } = link
  const container = (id: string) => docker.getContainer(id)
  return {
    async listContainers(filter, signal): Promise<ContainerSummary[]> {
      const list = await call(docker.listContainers({ all: true, ...filtersOf(filter), ...aborting(signal) }), signal)
      return list.map(containerSummary)
    },
    async inspectContainer(id, signal) {
      const info = await ignoring([NOT_FOUND], call(container(id).inspect(aborting(signal)), signal))
      return info && containerDetail(info)
    },
    async createContainer(name, spec, platform) {
      return createContainer(link, name, spec, platform)
    },
    async startContainer(id) {
      await ignoring([NOT_MODIFIED], call(container(id).start()))
    },
    async stopContainer(id, { grace }) {
      await ignoring([NOT_MODIFIED], call(container(id).stop(grace === undefined ? {} : { t: grace })))
    },
    async killContainer(id, signal) {
      await call(container(id).kill({ signal }))
    },
    async pauseContainer(id) {
      await call(container(id).pause())
    },
    async unpauseContainer(id) {
      await call(container(id).unpause())
    },
    async removeContainer(id, { force, volumes }) {
      await removed(call(container(id).remove({ force, v: volumes })))
    },
    async renameContainer(id, name) {
      await call(container(id).rename({ name }))
    },
    async setRestartPolicy(id, { name, maximumRetryCount }) {
      await call(container(id).update({ RestartPolicy: { Name: name, MaximumRetryCount: maximumRetryCount ?? 0 } }))
    },
  }
}

/** The client's own method drops the warnings. */
async function createContainer(link: Link, name: string, spec: ContainerSpec, platform: string | undefined) {
  const request = { method: 'POST', path: '/containers/create', query: { name, platform }, body: spec } as const
  const { Id, Warnings } = (await requestJson(link, request)) as { Id: string; Warnings: string[] | null }
  return { id: Id, warnings: Warnings ?? [] }
}

/** Gone is what was wanted; a removal already under way says 409, as a running container without `force` does. */
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
