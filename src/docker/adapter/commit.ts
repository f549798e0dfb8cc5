import { id as anId, fields } from '../../util/shape.ts'
import type { CommitCalls } from '../port.ts'
import type { Link } from './http/link.ts'
import { requestJson } from './http/request.ts'

const MADE = fields({ Id: anId })

export function commitCalls(link: Link): CommitCalls {
  return {
    async commitContainer(container, { repository, tag, author, comment, changes, pause }, signal) {
      const query = { container, repo: repository, tag, author, comment, changes, pause }
      const request = { method: 'POST', path: '/commit', query, body: {}, signal, pace: 'slow' } as const
      return (await requestJson<{ Id: string }>(link, request, MADE)).Id
    },
  }
}
