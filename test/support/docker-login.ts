import { password, user } from "./docker-registry.js";

export const INPUT = "user and password belong together";
export const SERVER = "the registry answers";
export const LOGIN = "the registry lets the user in";

export const given = { userName: user, password: { $secret: "registry/ci" } };
export const right = { "registry/ci": password };
export const wrong = { "registry/ci": "hunter2" };
