import type { ContainerCalls, EngineEvent, FileCalls } from '../../../src/docker/port.ts'
import type { ContainerSpec } from '../../../src/docker/spec.ts'
import { containerDetail, containerSummary } from './detail.ts'
import { detachAll, endpointsFor } from './endpoints.ts'
import { readFile, writeFile } from './files.ts'
import { findImage, withTag } from './images.ts'
import { die, emitFor, isAlive, kill, pause, start, stop, unpause } from './lifecycle.ts'
import { containerOf, findContainer, matchesFilter } from './lookup.ts'
import { keptSpec } from './spec.ts'
import { mountsFor, removeAnonymous } from './volumes.ts'
import { minorOf, newId, refuse, type StoredContainer, type World } from './world.ts'

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/
const KILLED = 137

export function containerCalls(world: World): ContainerCalls & FileCalls {
  return {
    async listContainers(filter) {
      const all = [...world.containers.values()].map((container) => containerSummary(world, container))
      return all.filter((container) => matchesFilter(filter, container)).reverse()
    },
    async inspectContainer(reference) {
      const container = findContainer(world, reference)
      return container && containerDetail(container)
    },
    async createContainer(name, spec) {
      const { id, image } = create(world, name, spec)
      return { id, warnings: [...(image.fixture.warnings ?? [])] }
    },
    async startContainer(reference) {
      start(world, containerOf(world, reference))
    },
    async stopContainer(reference, { grace }) {
      await stop(world, containerOf(world, reference), grace)
    },
    async killContainer(reference, signal) {
      kill(world, containerOf(world, reference), signal)
    },
    async pauseContainer(reference) {
      pause(world, containerOf(world, reference))
    },
    async unpauseContainer(reference) {
      unpause(world, containerOf(world, reference))
    },
    async removeContainer(reference, options) {
      remove(world, findContainer(world, reference), options)
    },
    async renameContainer(reference, name) {
      rename(world, containerOf(world, reference), name)
    },
    async setRestartPolicy(reference, { name, maximumRetryCount = 0 }) {
      const container = containerOf(world, reference)
      container.spec.HostConfig.RestartPolicy = { Name: name, MaximumRetryCount: maximumRetryCount }
      emitFor(world, container, 'update')
    },
    async putFiles(reference, directory, files) {
      const container = containerOf(world, reference)
      for (const { path, content } of files) writeFile(world, container, `${directory}/${path}`, content)
    },
    async readFile(reference, path, { limit }) {
      return readFile(world, containerOf(world, reference), path, limit)
    },
  }
}

function create(world: World, name: string, spec: ContainerSpec): StoredContainer {
  if (!NAME.test(name)) refuse(400, `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`)
  const image = findImage(world, spec.Image) ?? refuse(404, `No such image: ${withTag(spec.Image)}`)
  checkName(world, name)
  const endpoints = endpointsFor(world, spec)
  const id = newId(world, 'container')
  const container: StoredContainer = {
    id,
    name,
    spec: keptSpec(spec, image, id),
    image,
    created: world.clock.now(),
    state: 'created',
    exitCode: 0,
    error: '',
    oomKilled: false,
    restartCount: 0,
    stoppedByHand: false,
    endpoints,
    mounts: mountsFor(world, spec, image),
    ports: [],
    log: [],
    files: new Map(),
    nodes: new Map(),
  }
  world.containers.set(id, container)
  emitFor(world, container, 'create')
  if (spec.HostConfig.AutoRemove) removeAtEnd(world, container)
  return container
}

function removeAtEnd(world: World, container: StoredContainer): void {
  const listener = ({ id, action }: EngineEvent) => {
    if (id !== container.id || action !== 'die') return
    world.listeners.delete(listener)
    queueMicrotask(() => remove(world, container, { force: true, volumes: true }))
  }
  world.listeners.add(listener)
}

function remove(
  world: World,
  container: StoredContainer | undefined,
  { force, volumes }: { force: boolean; volumes: boolean },
): void {
  if (!container) return
  if (isAlive(container)) {
    if (!force) {
      const before = container.state === 'paused' ? 'Unpause and then stop' : 'Stop'
      const advice = `${before} the container before attempting removal or force remove`
      const old = `You cannot remove a ${container.state} container ${container.id}. ${advice}`
      const newer = `cannot remove container "${container.id}": container is ${container.state}: ${advice.toLowerCase()}`
      refuse(409, minorOf(world) < 44 ? old : newer)
    }
    end(world, container)
  }
  world.containers.delete(container.id)
  if (volumes) removeAnonymous(world, container)
  emitFor(world, container, 'destroy')
}

function end(world: World, container: StoredContainer): void {
  container.stoppedByHand = true
  if (container.state !== 'restarting') {
    emitFor(world, container, 'kill', { signal: '9' })
    die(world, container, KILLED)
  }
  container.life?.abort()
  detachAll(world, container)
}

function rename(world: World, container: StoredContainer, name: string): void {
  if (name === container.name) refuse(400, 'Renaming a container with the same name as its current name')
  checkName(world, name, 'Error when allocating new name: ')
  const oldName = `/${container.name}`
  container.name = name
  emitFor(world, container, 'rename', { oldName })
}

function checkName(world: World, name: string, before = ''): void {
  const holder = [...world.containers.values()].find((container) => container.name === name)
  if (!holder) return
  const advice = 'You have to remove (or rename) that container to be able to reuse that name.'
  refuse(
    409,
    `${before}Conflict. The container name "/${name}" is already in use by container "${holder.id}". ${advice}`,
  )
}
