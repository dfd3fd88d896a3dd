/** A token by which a person or a script may change things. Times in ms since 1970. */
export interface AccessToken {
  readonly publicToken: string
  /** As stored: the secret itself until it is taken, afterwards `sha256:` and its digest; one that may be taken again stays plain. */
  readonly secret: string
  readonly generatedAt: number
  /** Whose it is. */
  readonly owner: string
  readonly isAcquired: boolean
  /** It may be taken again, and does not lapse. */
  readonly isReentrant: boolean
}

/** Who took a token, and what is kept of the secret that was handed out. */
export interface TokenTaken {
  readonly token: AccessToken
  readonly keptSecret: string
  readonly at: number
}

export interface AccessTokenStore {
  /** A public token that is there already stays as it is. */
  issue(token: AccessToken): Promise<void>
  find(publicToken: string): Promise<AccessToken | null>
  /** False when somebody else was first. The whole token is given: in a group it may have been issued to one member's database alone. */
  take(taken: TokenTaken): Promise<boolean>
  /** Drops what was issued before and lapses; says how many. */
  expire(before: number): Promise<number>
}
