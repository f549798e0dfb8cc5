import type { ContainerSummary, NetworkDetail, VolumeDetail } from '../../../docker/port.ts'
import { spacesOf } from '../../../stack/dependencies.ts'
import type { Service, Stack } from '../../../stack/model.ts'
import { groupBy, manyBy } from '../../../util/object.ts'
import { COMPOSE } from '../../docker/labels.ts'
import type { Observed } from './observed.ts'

type Index<T> = ReadonlyMap<string, readonly T[]>

/**
 * Indexes by name for observed and declared things: linear searches for many services would be slow. Each index is built on first
 * use.
 */
export class Lookup {
  readonly #indexes = new Map<string, Index<unknown>>()

  constructor(
    private readonly stack: Stack,
    private readonly observed: Pick<Observed, 'containers' | 'networks' | 'volumes'>,
  ) {}

  volume(name: string | undefined): VolumeDetail | undefined {
    return this.#all('volumes', () => groupBy(this.observed.volumes, (each) => each.name)).get(name ?? '')?.[0]
  }

  networks(name: string | undefined): readonly NetworkDetail[] {
    return this.#all('networks', () => groupBy(this.observed.networks, (each) => each.name)).get(name ?? '') ?? []
  }

  container(id: string): ContainerSummary | undefined {
    return this.#all('containers', () => groupBy(this.observed.containers, (each) => each.id)).get(id)?.[0]
  }

  /** The containers of a service, including one-off containers. */
  containersOf(service: string): readonly ContainerSummary[] {
    const byService = () => groupBy(this.observed.containers, ({ labels }) => labels[COMPOSE.service] ?? '')
    return this.#all('services', byService).get(service) ?? []
  }

  /** The containers in a network; those that never ran are found by its name. */
  membersOf({ id, name }: NetworkDetail): readonly ContainerSummary[] {
    const keysOf = ({ networks }: ContainerSummary) =>
      new Set(
        Object.entries(networks).map(([own, { networkId }]) => (networkId === '' ? `name ${own}` : `id ${networkId}`)),
      )
    const all = this.#all('members', () => manyBy(this.observed.containers, keysOf))
    const found = [...(all.get(`id ${id}`) ?? []), ...(all.get(`name ${name}`) ?? [])]
    return [...new Set(found)]
  }

  usersOf(volume: string): readonly ContainerSummary[] {
    const all = () =>
      manyBy(this.observed.containers, ({ mounts }) => new Set(mounts.flatMap(({ name }) => name ?? [])))
    return this.#all('users', all).get(volume) ?? []
  }

  /** Whether another service waits for this one to complete. */
  isJob(service: string): boolean {
    return this.#services('jobs', ({ depends_on = {} }) =>
      Object.keys(depends_on).filter((name) => depends_on[name]?.condition === 'service_completed_successfully'),
    ).has(service)
  }

  /** The services that restart together with this one, in the order of the stack. */
  restartedWith(service: string): readonly string[] {
    const needs = ({ depends_on = {} }: Service) => Object.keys(depends_on).filter((name) => depends_on[name]?.restart)
    return this.#services('restarted', needs).get(service) ?? []
  }

  /** The services that share a namespace or the volumes of this one. */
  guestsOf(service: string): readonly string[] {
    return this.#services('guests', (each) => new Set(spacesOf(each))).get(service) ?? []
  }

  #services(what: string, keysOf: (service: Service) => Iterable<string>): Index<string> {
    const { services } = this.stack
    return this.#all(what, () => manyBy(Object.keys(services), (name) => keysOf(services[name] ?? {})))
  }

  #all<T>(what: string, make: () => Index<T>): Index<T> {
    const known = this.#indexes.get(what) ?? make()
    this.#indexes.set(what, known)
    return known as Index<T>
  }
}
