// Who is measured, and by which words each carries out an operation.
import { copyFileSync, cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../scripts/lib/project.mjs'

export const FLOOR = 'floor'
export const FLOTILLA = 'flotilla'
export const COMPOSE = 'docker compose'

const WORDS = {
  up: ['up', '-d'],
  again: ['up', '-d'],
  change: ['up', '-d'],
  down: ['down'],
  ps: ['ps'],
  config: ['config', '-q'],
}

/**
 * The subjects, each with a function from an operation (`up`, `again`, `change`, `down`, `ps`, `config`), to be carried out in a folder
 * with a stack file and a recipe, to words for a shell. `compose` are the words of `docker compose`, if there is one.
 */
export function subjects({ folder, compose }) {
  const program = copyOfBuild(join(folder, 'flotilla'))
  const floor = fileURLToPath(new URL('floor/main.mjs', import.meta.url))
  const all = [
    { name: FLOOR, words: (operation) => [process.execPath, floor, operation, 'recipe.json'] },
    { name: FLOTILLA, words: (operation, project) => [process.execPath, program, '-p', project, ...WORDS[operation]] },
  ]
  if (compose)
    all.push({ name: COMPOSE, words: (operation, project) => [...compose, '-p', project, ...WORDS[operation]] })
  return all
}

/** A build in the middle of a run must not change what is measured. */
function copyOfBuild(folder) {
  mkdirSync(folder)
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'))
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true })
  return join(folder, 'dist/main.js')
}
