/** What a browser does with a page of Shiny Server: messages of SockJS, by polling, each `NUMBER#0|KIND|TEXT` in hexadecimal. */
const LIMIT = 120_000

/** The first output of an application that has a value for each of `outputs`, given the values of its inputs. */
export async function shinyOutputs(page: string, inputs: object, outputs: string[]): Promise<Record<string, unknown>> {
  const signal = AbortSignal.timeout(LIMIT)
  const id = () => Math.random().toString(36).slice(2)
  const base = `${page}__sockjs__/n=${id()}/000/${id()}`
  const post = async (path: string, body?: string) => {
    const answer = await fetch(`${base}/${path}`, { method: 'POST', signal, ...(body && { body }) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.text()
  }
  const send = (message: string) => post('xhr_send', JSON.stringify([message]))
  await post('xhr')
  await send('0#0|o|')
  await send(`1#0|m|${JSON.stringify({ method: 'init', data: { ...inputs, ...shown(outputs) } })}`)
  const values: Record<string, unknown> = {}
  while (!outputs.every((name) => name in values)) Object.assign(values, valuesIn(await post('xhr')))
  return values
}

/** An application computes only what is on the screen, in the size that it has there. */
function shown(outputs: string[]): object {
  const each = outputs.map((name) => [
    [`.clientdata_output_${name}_hidden`, false],
    [`.clientdata_output_${name}_width`, 600],
    [`.clientdata_output_${name}_height`, 600],
  ])
  return Object.fromEntries([...each.flat(), ['.clientdata_pixelratio', 1], ['.clientdata_singletons', '']])
}

/** Of a frame `a["…", …]`; other frames only say that the connection lives. */
function valuesIn(frame: string): Record<string, unknown> {
  if (frame.startsWith('c')) throw new Error(`The application has ended the session: ${frame}`)
  const messages: string[] = frame.startsWith('a') ? JSON.parse(frame.slice(1)) : []
  const texts = messages.flatMap((message) => message.match(/^[0-9A-F]+#0\|m\|(.*)$/s)?.[1] ?? [])
  return Object.assign({}, ...texts.map((text) => JSON.parse(text).values))
}
