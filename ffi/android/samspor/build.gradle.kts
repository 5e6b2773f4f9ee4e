// The AAR: the bindings, what makes them Kotlin's own (from ../../kotlin), Android's key store, and the library for each
// ABI. `scripts/package android` makes what it is built from.
plugins {
    id("com.android.library")
    id("org.jetbrains.kotlin.android")
}

val made = rootProject.file("../../target/ffi")

android {
    namespace = "dk.samspor.android"
    compileSdk = 36
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets["main"].apply {
        kotlin.srcDirs("src/main/kotlin", "../../kotlin/src/main/kotlin", made.resolve("kotlin"))
        jniLibs.srcDirs(made.resolve("android"))
    }
}

kotlin { jvmToolchain(17) }

dependencies {
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.10.2")
}
