// Waiting for a container's health test: run by ourselves, and listening for what the engine says of it.
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A function that resolves with a container's id once its health test has passed, or the engine calls it healthy. One subscription to
 * the engine's events for all of them; pauses between tests as flotilla makes them.
 */
export function healthy(call, inProject, probes) {
  const heard = new Map()
  let subscription

  const subscribe = async () => {
    const response = await call('GET', `/events?filters=${inProject}`, { stream: true })
    response.setEncoding('utf8')
    let rest = ''
    response.on('data', (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()
      for (const line of lines.filter((each) => each.includes('health_status: healthy')))
        heard.get(JSON.parse(line).id)?.()
    })
  }

  return async (id, test) => {
    const engineSaysSo = new Promise((resolve) => heard.set(id, resolve))
    subscription ??= subscribe()
    await subscription
    await call('GET', `/containers/${id}/json`)
    await Promise.race([engineSaysSo, untilPassed(call, probes, id, test)])
    return id
  }
}

async function untilPassed(call, probes, id, test) {
  for (let attempt = 0; ; attempt++) {
    const began = performance.now()
    if (await probes(() => passes(call, id, test))) return
    await sleep(Math.min(1000, Math.max(100 * 1.5 ** attempt, 5 * (performance.now() - began))))
  }
}

async function passes(call, id, test) {
  const body = { AttachStdout: true, AttachStderr: true, Cmd: test }
  const { Id } = await call('POST', `/containers/${id}/exec`, { body })
  const output = await call('POST', `/exec/${Id}/start`, { body: { Detach: false, Tty: false }, stream: true })
  for await (const _ of output);
  return (await call('GET', `/exec/${Id}/json`)).ExitCode === 0
}
