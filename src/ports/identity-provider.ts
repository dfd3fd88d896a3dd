/** What is remembered of a sign-in under way, by the browser that began it. */
export interface SignInMemory {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** Where the provider sends the browser back to. */
  readonly returnAddress: string
}

/** Who signed in, as the provider says. */
export interface Identity {
  readonly user: string
  readonly groups: readonly string[]
}

/** An OpenID provider that people sign in at. Rejected promises say why it did not come about, without any secret. */
export interface IdentityProvider {
  /** Where to send the browser, and what to remember until it is back. */
  begin(returnAddress: string): Promise<{ readonly address: string; readonly memory: SignInMemory }>
  /** `address`: the whole address that the browser came back to. */
  finish(address: string, memory: SignInMemory): Promise<Identity>
}
