<#
.SYNOPSIS
    파이썬이 없는 윈도우에 danggol과 엑셀 애드인을 설치합니다. 관리자 권한이 필요 없습니다.
.DESCRIPTION
    모두 %LOCALAPPDATA%\danggol\app 한 폴더에 들어갑니다: uv, 파이썬 3.11, danggol.
    여러 번 실행해도 됩니다. 지울 때는 -Uninstall을 붙입니다.
.PARAMETER Source
    설치할 danggol: .whl 파일, 소스 폴더, 또는 꾸러미 이름. 없으면 이 스크립트 옆의 .whl, 소스 폴더 순서로 찾습니다.
.PARAMETER Uninstall
    애드인과 danggol을 지웁니다. 엑셀 파일과 기억해 둔 매핑은 그대로 둡니다.
.EXAMPLE
    powershell -ExecutionPolicy Bypass -File install.ps1
.EXAMPLE
    powershell -ExecutionPolicy Bypass -File install.ps1 -Uninstall
#>
[CmdletBinding()]
param(
    [string]$Source = '',
    [switch]$Uninstall
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$UvVersion = '0.13.9'
$UvInstaller = "https://astral.sh/uv/$UvVersion/install.ps1"
$PythonVersion = '3.11'

function Write-Step([string]$Text) {
    Write-Host ''
    Write-Host "== $Text" -ForegroundColor Cyan
}

function Stop-With([string]$Sentence) {
    Write-Host ''
    Write-Host "[실패] $Sentence" -ForegroundColor Red
    exit 1
}

# The user's PATH as it is written, with its %NAMES% unexpanded, so that nothing else in it changes.
function Get-UserPath {
    return [string](Get-Item -Path 'HKCU:\Environment').GetValue('Path', '', 'DoNotExpandEnvironmentNames')
}

function Set-UserPath([string]$Value) {
    Set-ItemProperty -Path 'HKCU:\Environment' -Name 'Path' -Value $Value -Type ExpandString
    # Removing a variable that isn't there tells running programs to read the environment again.
    [Environment]::SetEnvironmentVariable('DANGGOL_PATH_CHANGED', $null, 'User')
}

function Get-OtherPath([string]$Folder) {
    return @((Get-UserPath) -split ';' | Where-Object { $_ -and $_ -ne $Folder })
}

function Test-ExcelRunning {
    $Session = (Get-Process -Id $PID).SessionId
    return @(Get-Process -Name 'EXCEL' -ErrorAction SilentlyContinue | Where-Object { $_.SessionId -eq $Session }).Count -gt 0
}

# A Python server that outlived its Excel holds our files open.
function Stop-LeftServer([string]$Folder) {
    Get-Process -Name 'python', 'pythonw' -ErrorAction SilentlyContinue |
        Where-Object { $_.Path -and $_.Path.StartsWith($Folder, 'OrdinalIgnoreCase') } |
        Stop-Process -Force -ErrorAction SilentlyContinue
}

function Find-Source([string]$Given) {
    if ($Given) {
        if (Test-Path -LiteralPath $Given) {
            return (Resolve-Path -LiteralPath $Given).ProviderPath
        }
        if ($Given -match '[\\/]' -or $Given -like '*.whl') {
            Stop-With "설치할 파일이 없습니다: $Given"
        }
        return $Given
    }
    $Wheel = Get-ChildItem -LiteralPath $PSScriptRoot -Filter 'danggol-*.whl' | Sort-Object -Property LastWriteTime | Select-Object -Last 1
    if ($Wheel) {
        return $Wheel.FullName
    }
    $Checkout = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    $Project = Join-Path $Checkout 'pyproject.toml'
    if ((Test-Path -LiteralPath $Project) -and (Select-String -LiteralPath $Project -Pattern '^name = "danggol"' -Quiet)) {
        return $Checkout
    }
    # Never by name unasked: a package index may hold a stranger's danggol.
    Stop-With '이 스크립트 옆에 danggol-….whl 파일이 없습니다. 배포받은 폴더를 통째로 복사한 뒤 그 안에서 다시 실행해 주세요.'
}

function Get-Requirement([string]$Found) {
    if (Test-Path -LiteralPath $Found) {
        return "danggol[addin] @ $(([Uri]$Found).AbsoluteUri)"
    }
    return $Found -replace '^danggol(\[[^\]]*\])?', 'danggol[addin]'
}

if ($env:OS -ne 'Windows_NT') {
    Stop-With '이 스크립트는 윈도우용입니다. 맥과 리눅스는 docs/install.md를 봐 주세요.'
}
if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Stop-With '회사 정책이 PowerShell 스크립트를 제한하고 있습니다. 전산 담당자에게 docs/install.md를 보여 주세요.'
}
if (-not $env:LOCALAPPDATA) {
    Stop-With '%LOCALAPPDATA% 폴더를 알 수 없습니다. 보통 사용자 계정으로 로그인해 다시 실행해 주세요.'
}
try {
    # danggol speaks UTF-8; a Korean console reads cp949 unless told.
    [Console]::OutputEncoding = [Text.Encoding]::UTF8
} catch {
    Write-Host '이 창에서는 한글이 깨져 보일 수 있습니다.'
}
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

$Root = Join-Path $env:LOCALAPPDATA 'danggol\app'
$Bin = Join-Path $Root 'bin'
$Uv = Join-Path $Root 'uv\uv.exe'
$Danggol = Join-Path $Bin 'danggol.exe'

# Everything uv writes stays in our one folder, outside OneDrive and roaming profiles.
$env:UV_TOOL_DIR = Join-Path $Root 'tools'
$env:UV_TOOL_BIN_DIR = $Bin
$env:UV_PYTHON_INSTALL_DIR = Join-Path $Root 'python'
$env:UV_NO_CACHE = '1'

if (Test-ExcelRunning) {
    Stop-With '엑셀이 열려 있습니다. 저장하고 엑셀을 모두 닫은 뒤 다시 실행해 주세요.'
}
Stop-LeftServer $Root

if ($Uninstall) {
    if (Test-Path -LiteralPath $Danggol) {
        Write-Step '엑셀 애드인을 지웁니다'
        & $Danggol addin uninstall
        if ($LASTEXITCODE -ne 0) {
            Stop-With '애드인을 지우지 못했습니다. 위의 안내를 따른 뒤 다시 실행해 주세요.'
        }
    }
    Write-Step 'danggol을 지웁니다'
    try {
        if (((Get-UserPath) -split ';') -contains $Bin) {
            Set-UserPath ((Get-OtherPath $Bin) -join ';')
        }
        if (Test-Path -LiteralPath $Root) {
            Remove-Item -LiteralPath $Root -Recurse -Force
        }
    } catch {
        Stop-With "폴더를 지우지 못했습니다: $Root. 컴퓨터를 다시 시작한 뒤 다시 실행해 주세요. ($($_.Exception.Message))"
    }
    Write-Host '지웠습니다. 엑셀 파일과 그 옆의 .danggol 폴더는 그대로입니다.'
    exit 0
}

$Requirement = Get-Requirement (Find-Source $Source)
Write-Step "1/4 uv $UvVersion"
if (Test-Path -LiteralPath $Uv) {
    Write-Host "이미 있습니다: $Uv"
} else {
    $Script = Join-Path ([IO.Path]::GetTempPath()) "danggol-uv-$PID.ps1"
    try {
        Invoke-WebRequest -Uri $UvInstaller -OutFile $Script -UseBasicParsing
        $env:UV_UNMANAGED_INSTALL = Split-Path -Parent $Uv
        & powershell.exe -NoProfile -ExecutionPolicy Bypass -File $Script
        if ($LASTEXITCODE -ne 0 -or -not (Test-Path -LiteralPath $Uv)) {
            Stop-With "uv를 설치하지 못했습니다. 백신이나 회사 방화벽이 막았는지 확인해 주세요: $UvInstaller"
        }
    } catch {
        Stop-With "uv를 내려받지 못했습니다. 인터넷과 회사 방화벽을 확인해 주세요: $UvInstaller ($($_.Exception.Message))"
    } finally {
        Remove-Item -LiteralPath $Script -Force -ErrorAction SilentlyContinue
    }
}

Write-Step "2/4 파이썬 $PythonVersion, $Requirement"
& $Uv tool install --managed-python --python $PythonVersion --force --reinstall $Requirement
if ($LASTEXITCODE -ne 0 -or -not (Test-Path -LiteralPath $Danggol)) {
    Stop-With 'danggol을 설치하지 못했습니다. 인터넷과 회사 방화벽(github.com, pypi.org)을 확인한 뒤 다시 실행해 주세요.'
}
try {
    if (((Get-UserPath) -split ';') -notcontains $Bin) {
        Set-UserPath ((@(Get-OtherPath $Bin) + $Bin) -join ';')
    }
} catch {
    Write-Host "PATH에 더하지 못했습니다. danggol은 이렇게 실행할 수 있습니다: $Danggol"
}

Write-Step '3/4 엑셀 애드인'
& $Danggol addin install
if ($LASTEXITCODE -ne 0) {
    Stop-With '애드인을 설치하지 못했습니다. 위의 안내를 따른 뒤 다시 실행해 주세요.'
}

Write-Step '4/4 확인'
& $Danggol doctor
if ($LASTEXITCODE -ne 0) {
    Stop-With '설치는 했지만 고칠 것이 남았습니다. 위에서 ✗ 아래의 안내를 따라 주세요.'
}
Write-Host ''
Write-Host '다 됐습니다. 엑셀을 열면 위쪽에 danggol 탭이 있습니다.' -ForegroundColor Green
