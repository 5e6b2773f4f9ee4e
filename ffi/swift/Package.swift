// swift-tools-version: 5.9
// Samspor for iOS and macOS. `scripts/package swift` puts beside it what it is built from: the bindings into
// `Sources/Samspor/Bindings`, and the library for each kind of machine as `SamsporFFI.xcframework`.
import PackageDescription

let package = Package(
    name: "Samspor",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "Samspor", targets: ["Samspor"])],
    targets: [
        .binaryTarget(name: "SamsporFFI", path: "SamsporFFI.xcframework"),
        .target(name: "Samspor", dependencies: ["SamsporFFI"]),
        .executableTarget(name: "Day", dependencies: ["Samspor"], path: "sample"),
    ]
)
