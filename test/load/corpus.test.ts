import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { realDisk } from '../../src/load/disk.ts'
import { load } from '../../src/load/load.ts'
import { configText } from '../../src/load/print.ts'

/**
 * Each folder of corpus/ is a stack (stack.yaml, override.yaml on top if there is one); expected.json is what
 * `docker compose config --format json` 2.40 prints for it. `UPDATE=1` records it anew where that plugin is installed.
 */
const CORPUS = join(import.meta.dirname, 'corpus')
const ENVIRONMENT = { HOME: '/home/lab', SET: 'is-set' }

for (const name of readdirSync(CORPUS).sort()) {
  test(`${name} is printed as docker compose prints it`, () => {
    const directory = join(CORPUS, name)
    if (process.env.UPDATE) record(directory)
    const expected = readFileSync(join(directory, 'expected.json'), 'utf8').replaceAll('<corpus>', CORPUS)
    assert.fixture(loadAndPrint(directory), JSON.stringify(JSON.parse(expected), null, 2))
  })
}

function loadAndPrint(directory: string): string {
  const input = {
    files: filesOf(directory),
    profiles: [],
    envFiles: [],
    environment: ENVIRONMENT,
    workingDirectory: directory,
    home: ENVIRONMENT.HOME,
  }
  return configText(unwrap(load(input, realDisk())), 'json').trimEnd()
}

function filesOf(directory: string): string[] {
  return ['stack.yaml', 'override.yaml'].map((file) => join(directory, file)).filter((file) => existsSync(file))
}

function record(directory: string): void {
  const files = filesOf(directory).flatMap((file) => ['-f', file])
  const env = { ...ENVIRONMENT, PATH: process.env.PATH, DOCKER_CONFIG: join(process.env.HOME ?? '', '.docker') }
  const printed = execFileSync('docker', ['compose', ...files, 'config', '--format', 'json'], {
    env,
    encoding: 'utf8',
    cwd: directory,
  })
  writeFileSync(join(directory, 'expected.json'), plainText(printed).replaceAll(CORPUS, '<corpus>'))
}

/** Go's encoder escapes what HTML would take for markup. */
function plainText(json: string): string {
  return json.replace(/\\u00(26|3c|3e)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

test.run()
