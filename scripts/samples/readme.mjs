// Fills in the README of a sample: what its commands print. An indented line `$ flotilla …` is run in the sample's folder, and the
// indented lines after it are replaced by its output. `ssh://server`, where a README mentions it, is a server with the same engine.
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { run } from '../lib/process.mjs'
import { root } from '../lib/project.mjs'
import { prepare } from './prepare.mjs'
import { withSshServer } from './ssh-server.mjs'

const COMMAND = /^ {4}\$ (.*)$/

export async function fillReadme(sample, { endpoint, log }) {
  const file = [sample.folder, dirname(sample.folder)].map((folder) => join(folder, 'README.md')).find(existsSync)
  const text = readFileSync(file, 'utf8')
  const { files, env } = await prepare(sample, { endpoint, log })
  const programs = mkdtempSync(join(tmpdir(), 'flotilla-readme-'))
  const fill = async ({ PATH }) => {
    const place = { cwd: sample.folder, env: { ...env, ...surroundings(`${programs}${delimiter}${PATH}`, files) } }
    // As if it had never been up.
    await run('flotilla', ['down', '-v', '-t', '2'], place)
    writeFileSync(file, await filled(text, place, log))
  }
  try {
    symlinkSync(join(root, 'dist/main.js'), join(programs, 'flotilla'))
    await (text.includes('ssh://server') ? withSshServer({ endpoint, env }, fill) : fill(process.env))
  } finally {
    rmSync(programs, { recursive: true, force: true })
  }
}

function surroundings(PATH, files) {
  const paths = files.filter((word) => word !== '-f').map((path) => join(root, path))
  return { COMPOSE_FILE: paths.join(':'), PATH, NO_COLOR: '1' }
}

async function filled(text, place, log) {
  const lines = []
  let replaces = false
  for (const line of text.split('\n')) {
    const command = line.match(COMMAND)?.[1]
    if (command === undefined && replaces && /^ {4}/.test(line)) continue
    lines.push(line)
    replaces = command !== undefined
    if (replaces) lines.push(...(await outputOf(command, place, log)))
  }
  return lines.join('\n')
}

async function outputOf(command, place, log) {
  log(`$ ${command}`)
  const { output } = await run('sh', ['-c', command], place)
  const lines = output.split('\n').map((line) => `    ${line.replaceAll(root, '…')}`.trimEnd())
  return lines.filter((line) => line !== '')
}
