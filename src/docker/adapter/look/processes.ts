import { each, fields, list, text } from '../../../util/shape.ts'
import type { Engine } from '../../port.ts'
import { containerPath } from '../containers.ts'
import type { Link } from '../http/link.ts'
import { requestJson } from '../http/request.ts'

const ANSWER = fields({ Titles: list(text), ...each('Processes', list(list(text))) })

interface Answer {
  Titles: string[]
  Processes?: string[][] | null
}

export function processCalls(link: Link): Pick<Engine, 'processes'> {
  return {
    async processes(id, signal) {
      const request = { method: 'GET', path: containerPath(id, 'top'), signal } as const
      const { Titles: titles, Processes } = await requestJson<Answer>(link, request, ANSWER)
      return { titles, processes: Processes ?? [] }
    },
  }
}
