import { capabilityOf } from '../../backend/capability.ts'
import { UP } from '../../backend/intent.ts'
import type { ReplicaDetails } from '../../backend/read/containers.ts'
import type { Loaded } from '../../load/loaded.ts'
import { usedResources } from '../../load/print/used-resources.ts'
import { contentId } from '../../lockfile/content-id.ts'
import { type Difference, differences } from '../../lockfile/differences.ts'
import { imageKey, type Lock } from '../../lockfile/model.ts'
import type { Step } from '../../plan/step.ts'
import type { Stack } from '../../stack/model.ts'
import { imageName } from '../../stack/names.ts'
import { planIntent } from '../converge.ts'
import type { Project } from '../project.ts'
import { makeLock } from './make-lock.ts'

/** What a stack, its files and its images have that their lock does not say, and the other way round. */
export async function driftFrom(project: Project, loaded: Loaded, lock: Lock, version: string): Promise<Difference[]> {
  return differences(lock, await makeLock(project, loaded, { version, mayLack: true, known: lock }))
}

export interface VerifiedContainer {
  replica: ReplicaDetails
  /** As the stack names it. */
  image: string
  /** The content ids of its image, and of the locked one; the latter is absent if the lock has no image of its service. */
  content: string
  locked: string | undefined
}

export interface Verified {
  drift: Difference[]
  containers: VerifiedContainer[]
  /** What `up` would do. */
  steps: readonly Step<unknown>[]
}

/** Whether what runs is what is locked: the stack is as its lock says, the containers as the stack says, their images as locked. */
export async function verify(project: Project, loaded: Loaded, lock: Lock, version: string): Promise<Verified> {
  const [drift, containers, { plan }] = await Promise.all([
    driftFrom(project, loaded, lock, version),
    verifiedContainers(project, loaded, lock),
    planIntent(project, { declared: loaded, intent: UP }),
  ])
  return { drift, containers, steps: plan.steps }
}

async function verifiedContainers(project: Project, { stack }: Loaded, lock: Lock): Promise<VerifiedContainer[]> {
  const reader = await project.reader()
  const look = capabilityOf(reader, 'look')
  const replicas = await reader.details(stack.name, { all: false }, project.signal)
  const found = replicas
    .filter(({ oneoff }) => !oneoff)
    .map(async (replica) => {
      const facts = await look.image(replica.imageId, project.signal)
      const service = stack.services[replica.service] ?? {}
      const image = imageName(stack, replica.service, service)
      const locked = lock.images[imageKey(replica.service, service.image)]?.content
      return { replica, image, content: facts ? contentId(facts) : '', locked }
    })
  return Promise.all(found)
}

/** A lock with the facts about some services as they are now, and everything else as it was. */
export async function updated(
  project: Project,
  loaded: Loaded,
  old: Lock,
  { services, version }: { services: readonly string[]; version: string },
): Promise<Lock> {
  const now = await makeLock(project, { ...loaded, stack: narrowed(loaded.stack, services) }, { version, known: old })
  const sections = [...new Set([...Object.keys(old.stack), ...Object.keys(now.stack)])]
  const merged = (key: string) => [key, { ...(old.stack[key] as object), ...(now.stack[key] as object) }] as const
  return {
    images: { ...old.images, ...now.images },
    files: { ...old.files, ...now.files },
    stack: Object.fromEntries(sections.map(merged)),
    noted: {
      ...old.noted,
      ...now.noted,
      digests: { ...old.noted.digests, ...now.noted.digests },
      builds: { ...old.noted.builds, ...now.noted.builds },
      unhashed: [...new Set([...(old.noted.unhashed ?? []), ...(now.noted.unhashed ?? [])])].sort(),
    },
  }
}

function narrowed(stack: Stack, names: readonly string[]): Stack {
  const pick = <T>(all: Readonly<Record<string, T>>, has: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => has(key)))
  const services = pick(stack.services, (key) => names.includes(key))
  const part = { ...stack, services }
  const used = usedResources(part)
  return {
    ...part,
    networks: pick(stack.networks, (key) => used.networks.has(key)),
    volumes: pick(stack.volumes, (key) => used.volumes.has(key)),
    secrets: pick(stack.secrets, (key) => used.secrets.has(key)),
    configs: pick(stack.configs, (key) => used.configs.has(key)),
  }
}
