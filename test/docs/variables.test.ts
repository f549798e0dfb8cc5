import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

/** The table of environment variables in docs/compose-support.md says what the code does with each that `docker compose` knows. */
const root = join(import.meta.dirname ?? '', '../..')
const ROW = /^\| `([A-Z_]+)` \| (yes|no) \| \S.* \|$/gm

const KNOWN = [
  'ANSI BAKE COMPATIBILITY CONVERT_WINDOWS_PATHS DISABLE_ENV_FILE ENV_FILES EXPERIMENTAL EXPERIMENTAL_GIT_REMOTE',
  'EXPERIMENTAL_OCI_REMOTE FILE IGNORE_ORPHANS MENU PARALLEL_LIMIT PATH_SEPARATOR PROFILES PROGRESS PROJECT_NAME REMOVE_ORPHANS',
  'STATUS_STDOUT',
].flatMap((line) => line.split(' ').map((name) => `COMPOSE_${name}`))
const OF_DOCKER =
  'API_VERSION AUTH_CONFIG BUILDKIT CERT_PATH CONFIG CONTENT_TRUST CONTEXT CUSTOM_HEADERS DEFAULT_PLATFORM HOST TLS TLS_VERIFY'
const OTHERS = 'BUILDKIT_COLORS BUILDKIT_PROGRESS BUILDX_BUILDER NO_COLOR CLICOLOR_FORCE SSH_AUTH_SOCK TERM'

const rows = new Map(
  [...readFileSync(join(root, 'docs/compose-support.md'), 'utf8').matchAll(ROW)].map(([, name = '', done]) => [
    name,
    done,
  ]),
)

test('every predefined variable of docker compose has its row', () => {
  const docker = OF_DOCKER.split(' ').map((name) => `DOCKER_${name}`)
  assert.equal([...rows.keys()].sort(), [...KNOWN, ...docker, ...OTHERS.split(' ')].sort())
})

test('the code reads those that are carried out, and no others', () => {
  const folder = join(root, 'src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const read = new Set(files.flatMap((file) => variablesReadIn(readFileSync(join(folder, file), 'utf8'))))
  for (const [name, done] of rows) assert.is(read.has(name) ? 'yes' : 'no', done, name)
  const unknown = [...read].filter(
    (name) => /^(?:COMPOSE|BUILDX|NO_COLOR)/.test(name) && name !== 'COMPOSE_' && !rows.has(name),
  )
  assert.equal(unknown, [])
})

/** `env.NAME`, `lookup('NAME')`, `variable('NAME')`, `{ NAME } = env`. */
function variablesReadIn(text: string): string[] {
  const read = [...text.matchAll(/\b(?:env|environment|\))\??\.([A-Z][A-Z_]+)\b|\((?:'([A-Z][A-Z_]+)')\)/g)]
  return read.flatMap(([, member, argument]) => member ?? argument ?? [])
}

test.run()
