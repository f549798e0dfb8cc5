import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withLab } from './support.ts'

/** A stack file that is a pipe can be read only once; every command makes of it what it makes of a file with that text. */

const STACKS = {
  'a stack': 'name: shop\nservices: { web: { image: app } }',
  'a stack for an unknown backend': 'name: shop\nx-flotilla: { backend: moon }\nservices: { web: { image: app } }',
  'a stack with an error': 'name: shop\nservices: { web: { image: app, env_file: gone.env } }',
}

for (const [kind, text] of Object.entries(STACKS))
  for (const line of ['ps', 'up -d', 'stop', 'config', 'config --explain services.web.image', 'config --environment'])
    test(`${line} of ${kind}`, async () => {
      await withLab({ 'one.yaml': text }, {}, async (shop) => {
        execFileSync('mkfifo', [join(shop.directory, 'pipe.yaml')])
        const writer = spawn('sh', ['-c', 'printf %s "$0" > pipe.yaml', text], { cwd: shop.directory })
        const written = once(writer, 'close')
        const piped = await shop.run('-f', 'pipe.yaml', ...line.split(' '))
        await written
        const read = await shop.run('-f', 'one.yaml', ...line.split(' '))
        const named = (printed: string) => printed.replaceAll('pipe.yaml', 'one.yaml')
        assert.equal([piped.code, named(piped.out)], [read.code, read.out])
        assert.equal(codes(piped.err), codes(read.err))
      })
    })

function codes(err: string): string[] {
  return [...err.matchAll(/^(?:error|warning)\[[\w-]+\]/gm)].map(String)
}

test.run()
