import pg from 'pg'
import type { Graph } from './centrality.ts'
import { cypher, type GraphDatabase } from './cypher.ts'
import type { SampleScene } from './sample-scene.ts'

/** What the two databases of samples/graph hold, asked by clients on this machine. */
export const PASSWORDS = { neo4j: 'sample-neo4j-password', postgis: 'sample-postgis-password' }

/** With the pairs of countries that have a border, `AAA-BBB`, in order. */
export async function graphIn(scene: SampleScene): Promise<Graph & { borders: string[] }> {
  const database = databaseOf(scene)
  const vertices = await cypher(database, 'MATCH (c:Country) RETURN c.iso_a3 AS iso_a3')
  const edges = await cypher(
    database,
    'MATCH (a:Country)-[r:NEIGHBOUR]->(b:Country) RETURN a.iso_a3 AS a, b.iso_a3 AS b, r.km AS km, r.kind AS kind',
  )
  return {
    vertices: vertices.map(([code]) => String(code)),
    edges: edges.map(([a, b, km]) => ({ a: String(a), b: String(b), weight: Number(km) })),
    borders: edges.flatMap(([a, b, , kind]) => (kind === 'border' ? `${a}-${b}` : [])).sort(),
  }
}

/** What graph_tool found, as the notebook wrote it into the graph database: by country. */
export async function storedBetweenness(scene: SampleScene): Promise<Record<string, number>> {
  return Object.fromEntries(
    await cypher(databaseOf(scene), 'MATCH (c:Country) RETURN c.iso_a3 AS iso_a3, c.betweenness AS betweenness'),
  )
}

function databaseOf({ env }: SampleScene): GraphDatabase {
  return { port: Number(env.NEO4J_PORT), password: PASSWORDS.neo4j }
}

const MEETING = `SELECT a.iso_a3 || '-' || b.iso_a3 AS pair
  FROM countries a JOIN countries b ON a.iso_a3 < b.iso_a3 AND ST_Intersects(a.border, b.border)`

/** Pairs of countries whose borders meet, `AAA-BBB`, in order. */
export async function bordersInPostgis({ env }: SampleScene): Promise<string[]> {
  const [port, user] = [Number(env.POSTGIS_PORT), 'geography']
  const client = new pg.Client({ host: '127.0.0.1', port, user, password: PASSWORDS.postgis, database: user })
  await client.connect()
  try {
    const { rows } = await client.query(MEETING)
    return rows.map(({ pair }) => pair).sort()
  } finally {
    await client.end()
  }
}
