import { createContext, useContext } from 'react'

/** How servers are called on this page: without what all of them share. */
export const NameOf = createContext<(key: string) => string>(key => key)
export const useNameOf = (): ((key: string) => string) => useContext(NameOf)
