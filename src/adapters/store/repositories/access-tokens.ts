import type { AccessToken, AccessTokenStore, TokenTaken } from '../../../ports/access-tokens.ts'
import type { Row } from '../dialects/engine.ts'
import { timeFrom, timeText } from '../time.ts'
import { type Context, insertNumbered } from './context.ts'

export function accessTokens(context: Context): AccessTokenStore {
  const { database, alike } = context
  const find = async (publicToken: string): Promise<AccessToken | null> => {
    const row = await database.selectFrom('access_token').selectAll().where('public_token', '=', publicToken).executeTakeFirst()
    // The database may compare without regard to case; a token is exactly itself.
    if (row === undefined || row.public_token !== publicToken) return null
    return {
      publicToken: row.public_token, secret: row.secret_token, generatedAt: timeFrom(row.generated_at) ?? 0, owner: row.generated_by,
      isAcquired: Number(row.is_acquired) !== 0, isReentrant: Number(row.is_reentrant) !== 0,
    }
  }
  return {
    find,
    async issue(token) {
      if (alike !== undefined) await database.deleteFrom('access_token').where('access_token_id', '=', alike.next('access_token')).execute()
      await insertNumbered(context, 'access_token', rowOf(token))
    },
    async take({ token, keptSecret, at }) {
      if (alike !== undefined) return takeAlike({ token, keptSecret, at })
      const { numUpdatedRows } = await database.updateTable('access_token')
        .set({ is_acquired: 1, secret_token: keptSecret, acquired_at: timeText(at) })
        .where('public_token', '=', token.publicToken)
        .where(either => either.or([either('is_acquired', '=', 0), either('is_reentrant', '=', 1)]))
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async expire(before) {
      const { numDeletedRows } = await database.deleteFrom('access_token').where('generated_at', '<', timeText(before)).where('is_reentrant', '=', 0).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }

  /** A token may have been issued to the database of one member alone: every member writes the whole row, under the same number. */
  async function takeAlike({ token, keptSecret, at }: TokenTaken): Promise<boolean> {
    const known = await find(token.publicToken)
    if (known?.isAcquired === true && !known.isReentrant) return false
    const next = alike?.next('access_token') ?? 0
    await database.deleteFrom('access_token').where(either => either.or([either('public_token', '=', token.publicToken), either('access_token_id', '=', next)])).execute()
    return (await insertNumbered(context, 'access_token', { ...rowOf(token), is_acquired: 1, secret_token: keptSecret, acquired_at: timeText(at) })) !== null
  }
}

const rowOf = (token: AccessToken): Row => ({
  public_token: token.publicToken, secret_token: token.secret, generated_at: timeText(token.generatedAt), generated_by: token.owner,
  is_acquired: token.isAcquired ? 1 : 0, is_reentrant: token.isReentrant ? 1 : 0,
})
