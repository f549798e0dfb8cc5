import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isCarriedOut } from '../../src/backend/engine/check.ts'

/** docs/compose-support.md lists every attribute of the schema; whether it is carried out is asked of the code. UPDATE=1 writes the tables. */
const root = join(import.meta.dirname ?? '', '../..')
const file = join(root, 'docs/compose-support.md')
const schema = JSON.parse(readFileSync(join(root, 'schemas/stack.schema.json'), 'utf8'))

interface Node {
  $ref?: string
  properties?: Record<string, Node>
  description?: string
}

function resolved(node: Node): Node {
  const name = node.$ref?.split('/').at(-1)
  return name === undefined
    ? node
    : { ...resolved(schema.$defs[name]), ...(node.description && { description: node.description }) }
}

function table(title: string, node: Node, carriedOut: (key: string) => boolean): string {
  const rows = Object.entries(resolved(node).properties ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, value]) =>
        `| \`${key}\` | ${carriedOut(key) ? 'yes' : 'warned about'} | ${firstSentence(resolved(value).description)} |`,
    )
  return [`## ${title}`, '', '| attribute | carried out | what it is |', '|---|---|---|', ...rows].join('\n')
}

function firstSentence(text = ''): string {
  return (text.split(/(?<=(?<!e\.g|i\.e)\.)\s/)[0] ?? '').replaceAll('|', '\\|')
}

test('the tables are those of the schema and the code', () => {
  const service = resolved(schema.$defs.service)
  const part = (key: string) => resolved(service.properties?.[key] ?? {})
  const tables = [
    table('Services', service, (key) => isCarriedOut(key)),
    table('build', part('build'), (key) => isCarriedOut('build', key)),
    table('deploy', part('deploy'), (key) => isCarriedOut('deploy', key)),
  ].join('\n\n')
  const text = readFileSync(file, 'utf8')
  const [head = ''] = text.split('## Services')
  if (process.env.UPDATE) writeFileSync(file, `${head}${tables}\n`)
  assert.fixture(readFileSync(file, 'utf8'), `${head}${tables}\n`)
})

test.run()
