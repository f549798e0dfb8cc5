import * as assert from 'uvu/assert'

/** Neo4j's HTTP API, as a client on this machine reaches it. */
export interface GraphDatabase {
  port: number
  password: string
}

type Row = (string | number | null)[]

/** The rows of one statement. */
export async function cypher(database: GraphDatabase, statement: string): Promise<Row[]> {
  const { status, body } = await post(database, statement)
  assert.equal([status, body.errors], [200, []])
  return body.results[0]?.data.map(({ row }) => row) ?? []
}

/** The answer to one statement, whatever it is. */
export async function post({ port, password }: GraphDatabase, statement: string) {
  const answer = await fetch(`http://127.0.0.1:${port}/db/neo4j/tx/commit`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Basic ${Buffer.from(`neo4j:${password}`).toString('base64')}`,
    },
    body: JSON.stringify({ statements: [{ statement }] }),
  })
  const body = (await answer.json()) as { results: { data: { row: Row }[] }[]; errors: { code: string }[] }
  return { status: answer.status, body }
}
