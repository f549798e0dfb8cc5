// Writes the manual from the definitions of the commands. `npm run man [FOLDER]`; a build writes it to dist/man.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runAsScript } from './lib/process.mjs'
import { root } from './lib/project.mjs'

const SOURCE = `
export { manPages } from './src/cli/man/pages.ts'
export { COMMANDS } from './src/command/table.ts'
`

/** Writes a page for each command, and one for the program. */
export async function writeMan(folder) {
  const { manPages, COMMANDS } = await definitions()
  const groups = await Promise.all(COMMANDS.map(loaded))
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of manPages(groups, release())) writeFileSync(join(folder, file), text)
}

async function loaded({ title, commands }) {
  return { title, commands: await Promise.all(Object.values(commands).map((load) => load())) }
}

function release() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const epoch = process.env.SOURCE_DATE_EPOCH
  const date = epoch ? new Date(Number(epoch) * 1000) : new Date()
  return { version, date: date.toISOString().slice(0, 10) }
}

/** Bundles the definitions, since Node 20 runs no TypeScript. */
async function definitions() {
  const { build } = await import('esbuild')
  const folder = mkdtempSync(join(root, 'node_modules/.flotilla-man-'))
  try {
    const outfile = join(folder, 'definitions.mjs')
    await build({
      absWorkingDir: root,
      stdin: { contents: SOURCE, resolveDir: root },
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'warning',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

await runAsScript(import.meta.url, () => writeMan(resolve(process.argv[2] ?? join(root, 'dist/man'))))
