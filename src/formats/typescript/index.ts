export {
  type AddConnection,
  type ChangeSettings,
  type Edit,
  type Edited,
  type EditOptions,
  editTypeScript,
  type RemoveConnection,
} from "./edit.js";
export { type WriteOptions, writeTypeScript } from "./write.js";
