import { type Scope, secret } from "plugboard";

/** Registries of images and packages. */
export function registries({ dockerRegistry, npmRegistry }: Scope): void {
  dockerRegistry("DockerHub", { displayName: "Docker Hub, anonymous" });
  dockerRegistry("DockerRegistry", {
    displayName: "Docker registry",
    url: "https://registry.example.com:5000",
    userName: "teamcity",
    password: secret("docker/password"),
  });

  npmRegistry("Npm", {
    displayName: "npm, our packages",
    url: "https://npm.example.com",
    scope: "@example",
    token: secret("npm/token", { expires: "2027-03-01" }),
  });
}
