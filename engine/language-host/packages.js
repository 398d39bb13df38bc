"use strict";
// GetRequiredPackages and GetProgramDependencies: which Pulumi packages and which npm packages a program has installed.
const fs = require("node:fs");
const path = require("node:path");

/** Packages in reach of `directory` that name a resource plugin in their package.json, for the engine to install. */
function requiredPackages({ plugin, language }, directory) {
  const response = new language.GetRequiredPackagesResponse();
  for (const found of findPulumiPackages(directory)) {
    const dependency = new plugin.PackageDependency();
    dependency.setKind("resource");
    dependency.setName(found.name);
    dependency.setVersion(found.version);
    dependency.setServer(found.server);
    if (found.parameterization) {
      const parameterization = new plugin.PackageParameterization();
      parameterization.setName(found.parameterization.name);
      parameterization.setVersion(found.parameterization.version);
      parameterization.setValue(found.parameterization.value);
      dependency.setParameterization(parameterization);
    }
    response.addPackages(dependency);
  }
  return response;
}

/** Direct dependencies as package.json lists them, with the version that is installed. */
function programDependencies({ language }, directory) {
  const response = new language.GetProgramDependenciesResponse();
  const manifest = readManifest(directory) ?? {};
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const dependency = new language.DependencyInfo();
    dependency.setName(name);
    dependency.setVersion(installedVersion(directory, name) ?? range);
    response.addDependencies(dependency);
  }
  return response;
}

function findPulumiPackages(directory) {
  const found = new Map();
  for (const ancestor of ancestors(directory)) {
    collect(path.join(ancestor, "node_modules"), found);
  }
  return [...found.values()];
}

function collect(modules, found) {
  for (const folder of packageFolders(modules)) {
    const manifest = readManifest(folder);
    if (manifest?.pulumi?.resource) {
      const entry = describe(manifest);
      found.set(`${entry.name}@${entry.version}`, entry);
    }
    collect(path.join(folder, "node_modules"), found);
  }
}

function packageFolders(modules) {
  return list(modules).flatMap((name) => {
    const folder = path.join(modules, name);
    return name.startsWith("@") ? list(folder).map((scoped) => path.join(folder, scoped)) : [folder];
  });
}

function list(folder) {
  try {
    return fs.readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      return [];
    }
    throw error;
  }
}

function readManifest(folder) {
  let text;
  try {
    text = fs.readFileSync(path.join(folder, "package.json"), "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") {
      return undefined;
    }
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch {
    // Test data inside a package may be called package.json without being one.
    return undefined;
  }
}

function describe(manifest) {
  const version = manifest.pulumi.version ?? manifest.version ?? "";
  return {
    name: manifest.pulumi.name ?? (manifest.name ?? "").replace(/^@[^/]+\//, ""),
    version: version === "" || version.startsWith("v") ? version : `v${version}`,
    server: manifest.pulumi.server ?? "",
    parameterization: manifest.pulumi.parameterization,
  };
}

function installedVersion(directory, name) {
  for (const ancestor of ancestors(directory)) {
    const manifest = readManifest(path.join(ancestor, "node_modules", name));
    if (manifest) {
      return manifest.version;
    }
  }
  return undefined;
}

function ancestors(directory) {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}

module.exports = { requiredPackages, programDependencies };
