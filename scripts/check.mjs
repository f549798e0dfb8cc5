// `npm run check`: types, formatting and lint of everything.
import { compileSchema } from './compile-schema.mjs'
import { mustRun, runAsScript } from './lib/process.mjs'
import { ensureInstalled, root } from './lib/project.mjs'

await runAsScript(import.meta.url, async () => {
  await ensureInstalled({ log: console.log })
  await compileSchema()
  for (const [program, ...args] of [
    ['node_modules/.bin/tsc', '--noEmit'],
    ['node_modules/.bin/biome', 'check', '--error-on-warnings'],
  ]) {
    console.log(`${[program.split('/').at(-1), ...args].join(' ')}`)
    await mustRun(program, args, { cwd: root })
  }
})
