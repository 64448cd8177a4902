export { PasswordHasher } from './password-hasher.js';
export {
  formatScryptHash,
  parseScryptHash,
  RECOMMENDED_COST,
  type ScryptCost,
  type ScryptHash,
} from './scrypt-hash.js';
export { TurnstileFullError } from './turnstile.js';
