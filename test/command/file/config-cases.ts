import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load as parseYaml } from 'js-yaml'

/** What is printed with which flags; config/ holds the stacks and what `docker compose` 2.40 printed of them. */
export const FOLDER = join(import.meta.dirname, 'config')
export const RECORDED = join(FOLDER, 'recorded.jsonl')

export interface ConfigCase {
  name: string
  cwd: string
  /** Before and behind `config`. */
  args: string[]
  flags: string
  env: Record<string, string>
}

interface Row {
  args: string[]
  cwd?: string
  only?: string[]
}

const MODELS = [
  '',
  '--no-normalize',
  '--no-path-resolution',
  '--no-consistency',
  '--no-interpolate',
  '--no-interpolate --no-normalize',
  '--no-interpolate --no-path-resolution',
  '--no-normalize --no-path-resolution',
  '--variables',
]
const FLAGS = [
  ...MODELS.flatMap((flags) => [flags, `${flags} --format json`.trim()]),
  '--services',
  '--volumes',
  '--networks',
  '--images',
  '--models',
  '--profiles',
  '--environment',
]

export function configCases(): ConfigCase[] {
  const rows: Record<string, Row> = JSON.parse(readFileSync(join(FOLDER, 'cases.json'), 'utf8'))
  return Object.entries(rows).flatMap(([name, { args, cwd = name, only = [''] }]) =>
    FLAGS.filter((flags) => only.some((each) => flags.startsWith(each))).map((flags) => ({
      name: `${name}: config ${flags}`.trim(),
      cwd: join(FOLDER, cwd),
      args,
      flags,
      env: { HOME: '/home/lab', SET: 'is-set' },
    })),
  )
}

export function argvOf({ args, flags }: ConfigCase): string[] {
  return [...args, 'config', ...flags.split(' ').filter(Boolean)]
}

/** Output as it is compared: models as data, tables and lists without their order, which `docker compose` leaves to chance. */
export function comparable({ flags }: ConfigCase, text: string): unknown {
  const shown = text.replaceAll(FOLDER, '<folder>')
  if (flags.includes('--format json')) return JSON.parse(shown)
  const isModel = !/--(?:variables|services|volumes|networks|images|models|profiles|environment)/.test(flags)
  return isModel
    ? parseYaml(shown)
    : shown
        .trimEnd()
        .split('\n')
        .map((line) => line.trimEnd())
        .filter(isTheirs)
        .sort()
}

/** The plugin's own surroundings are none of the stack's. */
function isTheirs(line: string): boolean {
  return !/^(?:PATH|DOCKER_CONFIG|PWD|OLDPWD|SHLVL|_|DOCKER_[A-Z_]+|BUILDKIT[A-Z_]*|OTEL[A-Z_]*)=/.test(line)
}

/** By the name of the case. */
export function recordedOutputs(): Record<string, unknown> {
  const lines = existsSync(RECORDED) ? readFileSync(RECORDED, 'utf8').split('\n').filter(Boolean) : []
  return Object.fromEntries(lines.map((line) => JSON.parse(line)))
}
