import type { Stack } from '../../../stack/model.ts'
import { COMPOSE } from '../../docker/labels.ts'
import type { Observed } from './observed.ts'

/** The facts that a saved plan records: the project's current containers, networks and volumes, sorted. */
export function snapshotFacts({ name }: Stack, { containers, networks, volumes }: Observed): unknown {
  const isOurs = ({ labels }: { labels: Record<string, string> }) => labels[COMPOSE.project] === name
  return {
    containers: sorted(
      containers.map((each) => ({
        id: each.id,
        name: each.name,
        state: each.state,
        image: each.imageId,
        networks: Object.values(each.networks)
          .map(({ networkId }) => networkId)
          .sort(),
      })),
    ),
    networks: sorted(networks.filter(isOurs).map((each) => ({ id: each.id, name: each.name }))),
    volumes: volumes
      .filter(isOurs)
      .map((each) => each.name)
      .sort(),
  }
}

function sorted<T extends { id: string }>(all: T[]): T[] {
  return all.sort((a, b) => (a.id < b.id ? -1 : 1))
}
